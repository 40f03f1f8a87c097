-- What is served, as SQLite has it in `migrations/sqlite`, where it is explained; and how often each key was used, which
-- those who serve side by side have in common.

CREATE TABLE resource (
    id                  BIGINT PRIMARY KEY REFERENCES audit (seq),
    kind                TEXT COLLATE "C" NOT NULL CHECK (kind IN ('certificate-authority', 'ssh-certificate-authority',
        'ssh-host-certificate', 'ssh-user-certificate', 'tls-certificate')),
    name                TEXT COLLATE "C" NOT NULL,
    authority           BIGINT REFERENCES resource (id),
    created_at          BIGINT NOT NULL,
    description         TEXT COLLATE "C" NOT NULL,
    metadata            TEXT COLLATE "C" NOT NULL,
    subject_common_name TEXT COLLATE "C",
    serial_number       TEXT COLLATE "C",
    not_before          BIGINT,
    not_after           BIGINT,
    changed             BIGINT REFERENCES audit (seq),
    deleted             BIGINT REFERENCES audit (seq),
    UNIQUE (kind, name)
);

CREATE INDEX resource_listed ON resource (kind, name) WHERE deleted IS NULL;
CREATE INDEX resource_authority ON resource (authority) WHERE deleted IS NULL AND authority IS NOT NULL;
CREATE INDEX resource_not_after ON resource (kind, not_after, name) WHERE deleted IS NULL AND not_after IS NOT NULL;

CREATE TABLE secret (
    resource BIGINT PRIMARY KEY REFERENCES resource (id),
    master   BYTEA NOT NULL CHECK (length(master) = 8),
    sealed   BYTEA NOT NULL
);

CREATE INDEX secret_master ON secret (master);

CREATE TABLE api_key (
    id           BIGINT PRIMARY KEY REFERENCES audit (seq),
    name         TEXT COLLATE "C" NOT NULL UNIQUE,
    hash         BYTEA NOT NULL CHECK (length(hash) = 32),
    is_read_only BIGINT NOT NULL CHECK (is_read_only IN (0, 1)),
    revoked      BIGINT REFERENCES audit (seq)
);

ALTER TABLE authority ADD COLUMN is_sealed BIGINT NOT NULL DEFAULT 0 CHECK (is_sealed IN (0, 1));

CREATE TRIGGER resource_is_kept BEFORE DELETE OR TRUNCATE ON resource
    EXECUTE FUNCTION refuse('resources are kept');
CREATE TRIGGER api_key_is_kept BEFORE DELETE OR TRUNCATE ON api_key
    EXECUTE FUNCTION refuse('keys are kept');
