-- The ledger of SSH host authorities.
--
-- The table `audit` is what happened, in order, each row chained to the one before by its hash. All other tables say
-- the same in a form that can be searched; a row is numbered by the record that made it. Nothing is ever deleted.
--
-- Numbers of the wire that may exceed 2^63 (serials) are 8 bytes, big-endian, and so sort as they should. Times are
-- seconds since 1970-01-01T00:00:00Z; later ones than 2^63-1 are kept as that.

CREATE TABLE audit (
    seq  INTEGER PRIMARY KEY CHECK (seq > 0),
    at   INTEGER NOT NULL,
    kind TEXT NOT NULL,
    body BLOB NOT NULL,
    hash BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;

CREATE TABLE authority (
    id          INTEGER PRIMARY KEY REFERENCES audit (seq),
    name        TEXT NOT NULL UNIQUE,
    public_key  BLOB NOT NULL UNIQUE,
    fingerprint TEXT NOT NULL,
    comment     TEXT NOT NULL,
    key_file    TEXT, -- null: in an agent
    succeeds    INTEGER REFERENCES authority (id),
    state       TEXT NOT NULL CHECK (state IN ('prepared', 'published', 'signing', 'retired')),
    moved       INTEGER NOT NULL REFERENCES audit (seq), -- what put it into this state
    next_serial INTEGER NOT NULL CHECK (next_serial > 0)
) STRICT;

CREATE TABLE certificate (
    id           INTEGER PRIMARY KEY, -- of the record that made it
    authority    INTEGER NOT NULL REFERENCES authority (id),
    serial       BLOB NOT NULL CHECK (length(serial) = 8),
    key_id       BLOB NOT NULL,
    host_key     TEXT NOT NULL, -- its fingerprint
    valid_after  INTEGER NOT NULL,
    valid_before INTEGER NOT NULL,
    -- Not an IN: SQLite makes a table of such a list, for every row.
    state        TEXT NOT NULL CHECK (
        state = 'reserved' OR state = 'recorded' OR state = 'abandoned' OR state = 'imported'
    ),
    closed       INTEGER CHECK ((closed IS NULL) = (state = 'reserved')) -- by which record
) STRICT;

-- Serial 0 is what others give to all their certificates.
CREATE UNIQUE INDEX certificate_serial ON certificate (authority, serial) WHERE serial > x'0000000000000000';
CREATE INDEX certificate_key_id ON certificate (key_id);
CREATE INDEX certificate_host_key ON certificate (host_key);
CREATE INDEX certificate_valid_before ON certificate (valid_before);
CREATE INDEX certificate_reserved ON certificate (id) WHERE closed IS NULL;

CREATE TABLE principal (
    name        BLOB NOT NULL,
    certificate INTEGER NOT NULL REFERENCES certificate (id),
    PRIMARY KEY (name, certificate)
) STRICT, WITHOUT ROWID;

-- Runs of one authority never overlap.
CREATE TABLE revoked_serials (
    authority  INTEGER NOT NULL REFERENCES authority (id),
    first      BLOB NOT NULL CHECK (length(first) = 8 AND first > x'0000000000000000'),
    last       BLOB NOT NULL CHECK (length(last) = 8 AND last >= first),
    revocation INTEGER NOT NULL REFERENCES audit (seq),
    PRIMARY KEY (authority, first)
) STRICT, WITHOUT ROWID;

CREATE TABLE revoked_key_id (
    key_id     BLOB NOT NULL,
    authority  INTEGER NOT NULL, -- 0: of any authority
    revocation INTEGER NOT NULL REFERENCES audit (seq),
    PRIMARY KEY (key_id, authority)
) STRICT, WITHOUT ROWID;

CREATE TABLE revoked_key (
    fingerprint TEXT NOT NULL PRIMARY KEY,
    public_key  BLOB NOT NULL,
    revocation  INTEGER NOT NULL REFERENCES audit (seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE krl (
    id      INTEGER PRIMARY KEY REFERENCES audit (seq),
    version INTEGER NOT NULL UNIQUE CHECK (version > 0)
) STRICT;

-- A certificate as it is listed: with the records that made and closed it, and the revocation that hits it, if any.
CREATE VIEW listed AS
SELECT
    certificate.id, certificate.authority, certificate.serial, certificate.key_id, certificate.host_key,
    certificate.valid_after, certificate.valid_before, certificate.state,
    authority.name AS authority_name,
    made.at AS made_at, made.kind AS made_kind, made.body AS made_body,
    closed.at AS closed_at, closed.kind AS closed_kind, closed.body AS closed_body,
    coalesce(
        (SELECT iif(last >= certificate.serial, revocation, NULL) FROM revoked_serials
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

CREATE TRIGGER audit_stays BEFORE UPDATE ON audit BEGIN SELECT raise(ABORT, 'records do not change'); END;
CREATE TRIGGER audit_is_kept BEFORE DELETE ON audit BEGIN SELECT raise(ABORT, 'records are kept'); END;
CREATE TRIGGER authority_is_kept BEFORE DELETE ON authority BEGIN SELECT raise(ABORT, 'authorities are kept'); END;
CREATE TRIGGER certificate_is_kept BEFORE DELETE ON certificate BEGIN SELECT raise(ABORT, 'certificates are kept'); END;
CREATE TRIGGER revoked_serials_stay BEFORE DELETE ON revoked_serials BEGIN SELECT raise(ABORT, 'revoked is for ever'); END;
CREATE TRIGGER revoked_key_id_stays BEFORE DELETE ON revoked_key_id BEGIN SELECT raise(ABORT, 'revoked is for ever'); END;
CREATE TRIGGER revoked_key_stays BEFORE DELETE ON revoked_key BEGIN SELECT raise(ABORT, 'revoked is for ever'); END;
CREATE TRIGGER principal_is_kept BEFORE DELETE ON principal BEGIN SELECT raise(ABORT, 'principals are kept'); END;
CREATE TRIGGER krl_is_kept BEFORE DELETE ON krl BEGIN SELECT raise(ABORT, 'versions are kept'); END;
