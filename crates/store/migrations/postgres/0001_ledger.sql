-- The ledger of SSH host authorities, as SQLite has it in `migrations/sqlite`, where it is explained: the same tables, of
-- the types that are PostgreSQL's. Texts are ordered byte by byte.

CREATE TABLE audit (
    seq  BIGINT PRIMARY KEY CHECK (seq > 0),
    at   BIGINT NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    body BYTEA NOT NULL,
    hash BYTEA NOT NULL CHECK (length(hash) = 32)
);

CREATE TABLE authority (
    id          BIGINT PRIMARY KEY REFERENCES audit (seq),
    name        TEXT COLLATE "C" NOT NULL UNIQUE,
    public_key  BYTEA NOT NULL UNIQUE,
    fingerprint TEXT COLLATE "C" NOT NULL,
    comment     TEXT COLLATE "C" NOT NULL,
    key_file    TEXT COLLATE "C",
    succeeds    BIGINT REFERENCES authority (id),
    state       TEXT COLLATE "C" NOT NULL CHECK (state IN ('prepared', 'published', 'signing', 'retired')),
    moved       BIGINT NOT NULL REFERENCES audit (seq),
    next_serial BIGINT NOT NULL CHECK (next_serial > 0)
);

CREATE TABLE certificate (
    id           BIGINT PRIMARY KEY,
    authority    BIGINT NOT NULL REFERENCES authority (id),
    serial       BYTEA NOT NULL CHECK (length(serial) = 8),
    key_id       BYTEA NOT NULL,
    host_key     TEXT COLLATE "C" NOT NULL,
    valid_after  BIGINT NOT NULL,
    valid_before BIGINT NOT NULL,
    state        TEXT COLLATE "C" NOT NULL CHECK (state IN ('reserved', 'recorded', 'abandoned', 'imported')),
    closed       BIGINT CHECK ((closed IS NULL) = (state = 'reserved'))
);

CREATE UNIQUE INDEX certificate_serial ON certificate (authority, serial)
    WHERE serial > '\x0000000000000000'::bytea;
-- By their hashes: key ids and principals may be longer than what the other indexes take.
CREATE INDEX certificate_key_id ON certificate USING hash (key_id);
CREATE INDEX certificate_host_key ON certificate (host_key);
CREATE INDEX certificate_valid_before ON certificate (valid_before, id);
CREATE INDEX certificate_reserved ON certificate (id) WHERE closed IS NULL;

CREATE TABLE principal (
    name        BYTEA NOT NULL,
    certificate BIGINT NOT NULL REFERENCES certificate (id)
);

CREATE UNIQUE INDEX principal_once ON principal (certificate, sha256(name));
CREATE INDEX principal_name ON principal USING hash (name);

CREATE TABLE revoked_serials (
    authority  BIGINT NOT NULL REFERENCES authority (id),
    first      BYTEA NOT NULL CHECK (length(first) = 8 AND first > '\x0000000000000000'::bytea),
    last       BYTEA NOT NULL CHECK (length(last) = 8 AND last >= first),
    revocation BIGINT NOT NULL REFERENCES audit (seq),
    PRIMARY KEY (authority, first)
);

CREATE TABLE revoked_key_id (
    key_id     BYTEA NOT NULL,
    authority  BIGINT NOT NULL,
    revocation BIGINT NOT NULL REFERENCES audit (seq)
);

CREATE UNIQUE INDEX revoked_key_id_once ON revoked_key_id (authority, sha256(key_id));
CREATE INDEX revoked_key_id_key_id ON revoked_key_id USING hash (key_id);

CREATE TABLE revoked_key (
    fingerprint TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    public_key  BYTEA NOT NULL,
    revocation  BIGINT NOT NULL REFERENCES audit (seq)
);

CREATE TABLE krl (
    id      BIGINT PRIMARY KEY REFERENCES audit (seq),
    version BIGINT NOT NULL UNIQUE CHECK (version > 0)
);

CREATE VIEW listed AS
SELECT
    certificate.id, certificate.authority, certificate.serial, certificate.key_id, certificate.host_key,
    certificate.valid_after, certificate.valid_before, certificate.state,
    authority.name AS authority_name,
    made.at AS made_at, made.kind AS made_kind, made.body AS made_body,
    closed.at AS closed_at, closed.kind AS closed_kind, closed.body AS closed_body,
    coalesce(
        (SELECT CASE WHEN last >= certificate.serial THEN revocation END FROM revoked_serials
         WHERE authority = certificate.authority AND first <= certificate.serial ORDER BY first DESC LIMIT 1),
        (SELECT min(revocation) FROM revoked_key_id
         WHERE key_id = certificate.key_id AND revoked_key_id.authority IN (0, certificate.authority)),
        (SELECT revocation FROM revoked_key WHERE fingerprint = certificate.host_key),
        (SELECT revocation FROM revoked_key WHERE fingerprint = authority.fingerprint)
    ) AS revocation
FROM certificate
JOIN authority ON authority.id = certificate.authority
JOIN audit AS made ON made.seq = certificate.id
LEFT JOIN audit AS closed ON closed.seq = certificate.closed;

CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', TG_ARGV[0];
END
$$;

CREATE TRIGGER audit_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
    EXECUTE FUNCTION refuse('records do not change, and are kept');
CREATE TRIGGER authority_is_kept BEFORE DELETE OR TRUNCATE ON authority
    EXECUTE FUNCTION refuse('authorities are kept');
CREATE TRIGGER certificate_is_kept BEFORE DELETE OR TRUNCATE ON certificate
    EXECUTE FUNCTION refuse('certificates are kept');
CREATE TRIGGER revoked_serials_stay BEFORE DELETE OR TRUNCATE ON revoked_serials
    EXECUTE FUNCTION refuse('revoked is for ever');
CREATE TRIGGER revoked_key_id_stays BEFORE DELETE OR TRUNCATE ON revoked_key_id
    EXECUTE FUNCTION refuse('revoked is for ever');
CREATE TRIGGER revoked_key_stays BEFORE DELETE OR TRUNCATE ON revoked_key
    EXECUTE FUNCTION refuse('revoked is for ever');
CREATE TRIGGER principal_is_kept BEFORE DELETE OR TRUNCATE ON principal
    EXECUTE FUNCTION refuse('principals are kept');
CREATE TRIGGER krl_is_kept BEFORE DELETE OR TRUNCATE ON krl
    EXECUTE FUNCTION refuse('versions are kept');
