-- What is served: resources of the certificate API, the secrets of some of them, and the keys that open the API.
--
-- As in the ledger, the records of `audit` are what happened, and these tables are how it is found. A resource's content
-- stands in the record that made it; what is searched stands here too. A resource that is deleted stays, marked; only its
-- secret goes.

CREATE TABLE resource (
    id        INTEGER PRIMARY KEY REFERENCES audit (seq),
    kind      TEXT NOT NULL CHECK (kind IN ('certificate-authority', 'ssh-certificate-authority',
        'ssh-host-certificate', 'ssh-user-certificate', 'tls-certificate')),
    name      TEXT NOT NULL,                   -- the id that the API has for it
    authority INTEGER REFERENCES resource (id), -- who signed it, if that is a resource
    created_at          INTEGER NOT NULL,      -- times are seconds since 1970
    description         TEXT NOT NULL,
    metadata            TEXT NOT NULL,
    subject_common_name TEXT,
    serial_number       TEXT,
    not_before          INTEGER,               -- the first second of its validity
    not_after           INTEGER,               -- the last one
    changed   INTEGER REFERENCES audit (seq),  -- since when description and metadata are as they are
    deleted   INTEGER REFERENCES audit (seq),
    UNIQUE (kind, name)
) STRICT;

-- With `deleted` at its end, an index has all that is needed to count.
CREATE INDEX resource_listed ON resource (kind, name, deleted) WHERE deleted IS NULL;
CREATE INDEX resource_authority ON resource (authority) WHERE deleted IS NULL AND authority IS NOT NULL;
CREATE INDEX resource_not_after ON resource (kind, not_after, name, deleted)
    WHERE deleted IS NULL AND not_after IS NOT NULL;
CREATE INDEX resource_subject ON resource (kind, subject_common_name, name)
    WHERE deleted IS NULL AND subject_common_name IS NOT NULL;
CREATE INDEX resource_serial ON resource (kind, serial_number, name)
    WHERE deleted IS NULL AND serial_number IS NOT NULL;

-- Times in blocks of 2^7, 2^14 and 2^21 seconds, and in each of these by id: so the greatest ids of a range of times are
-- found, however long the range is.
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

-- Sealed: without the master key nothing but a length.
CREATE TABLE secret (
    resource INTEGER PRIMARY KEY REFERENCES resource (id),
    master   BLOB NOT NULL CHECK (length(master) = 8), -- which master key seals it
    sealed   BLOB NOT NULL
) STRICT;

CREATE INDEX secret_master ON secret (master);

CREATE TABLE api_key (
    id           INTEGER PRIMARY KEY REFERENCES audit (seq),
    name         TEXT NOT NULL UNIQUE, -- the id that people know it by
    hash         BLOB NOT NULL CHECK (length(hash) = 32), -- SHA-256 of the key
    is_read_only INTEGER NOT NULL CHECK (is_read_only IN (0, 1)),
    revoked      INTEGER REFERENCES audit (seq)
) STRICT;

-- The private key of such an authority is the secret of a resource.
ALTER TABLE authority ADD COLUMN is_sealed INTEGER NOT NULL DEFAULT 0 CHECK (is_sealed IN (0, 1));

CREATE TRIGGER resource_is_kept BEFORE DELETE ON resource BEGIN SELECT raise(ABORT, 'resources are kept'); END;
CREATE TRIGGER api_key_is_kept BEFORE DELETE ON api_key BEGIN SELECT raise(ABORT, 'keys are kept'); END;
