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
CREATE INDEX resource_subject ON resource (kind, subject_common_name, name)
    WHERE deleted IS NULL AND subject_common_name IS NOT NULL;
CREATE INDEX resource_serial ON resource (kind, serial_number, name)
    WHERE deleted IS NULL AND serial_number IS NOT NULL;

CREATE INDEX resource_not_after_7 ON resource (kind, (not_after >> 7), name)
    WHERE deleted IS NULL AND kind IN ('certificate-authority', 'tls-certificate');
CREATE INDEX resource_not_after_14 ON resource (kind, (not_after >> 14), name)
    WHERE deleted IS NULL AND kind IN ('certificate-authority', 'tls-certificate');
CREATE INDEX resource_not_after_21 ON resource (kind, (not_after >> 21), name)
    WHERE deleted IS NULL AND kind IN ('certificate-authority', 'tls-certificate');
CREATE INDEX resource_not_before_0 ON resource (kind, not_before, name)
    WHERE deleted IS NULL AND kind IN ('certificate-authority', 'tls-certificate');
CREATE INDEX resource_not_before_7 ON resource (kind, (not_before >> 7), name)
    WHERE deleted IS NULL AND kind IN ('certificate-authority', 'tls-certificate');
CREATE INDEX resource_not_before_14 ON resource (kind, (not_before >> 14), name)
    WHERE deleted IS NULL AND kind IN ('certificate-authority', 'tls-certificate');
CREATE INDEX resource_not_before_21 ON resource (kind, (not_before >> 21), name)
    WHERE deleted IS NULL AND kind IN ('certificate-authority', 'tls-certificate');

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

-- Requests of the last minute, by key and second. It is empty after a crash, and not worth more.
CREATE UNLOGGED TABLE request (
    api_key TEXT COLLATE "C" NOT NULL,
    second  BIGINT NOT NULL,
    count   BIGINT NOT NULL,
    PRIMARY KEY (api_key, second)
);

-- Counts a request of a key, unless `most` are counted already: then how many seconds it takes until there is room again.
-- Requests of one key are counted one after the other.
CREATE FUNCTION count_request(key_name TEXT, now_secs BIGINT, most BIGINT, window_secs BIGINT) RETURNS BIGINT
LANGUAGE plpgsql AS $$
DECLARE
    counted BIGINT;
    oldest BIGINT;
BEGIN
    PERFORM pg_advisory_xact_lock(1667722341, hashtext(key_name));
    -- What lies ahead was counted by a clock that was set back since.
    DELETE FROM request WHERE api_key = key_name
        AND (second <= now_secs - window_secs OR second >= now_secs + window_secs);
    SELECT coalesce(sum(count), 0)::bigint, min(second) INTO counted, oldest FROM request WHERE api_key = key_name;
    IF counted >= most THEN
        RETURN coalesce(oldest, now_secs) + window_secs - now_secs;
    END IF;
    INSERT INTO request VALUES (key_name, now_secs, 1)
        ON CONFLICT (api_key, second) DO UPDATE SET count = request.count + 1;
    RETURN NULL;
END
$$;
