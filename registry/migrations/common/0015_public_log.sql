-- The public log (docs/decisions/0019): an append-only Merkle tree over the public records of acts. An entry is written in the transaction
-- of its act, without a number. A sequencer numbers entries afterwards, all copies of the server taking turns: so acts never wait for each
-- other's place, and there is one order. Numbers and hashes are given once and never change.
CREATE TABLE log_entry (
    act_id      TEXT   NOT NULL CONSTRAINT log_entry_act REFERENCES act (id) DEFERRABLE INITIALLY DEFERRED,
    -- of the entry within its act
    position    BIGINT NOT NULL,
    -- the public record, the text that is hashed
    leaf        TEXT   NOT NULL,
    -- the number of the certificate it is about, and what that states; the leaf names the digest of the statement
    certificate TEXT,
    statement   TEXT,
    -- from 0; NULL until the sequencer has given it
    number      BIGINT CONSTRAINT log_entry_number UNIQUE CONSTRAINT log_entry_number_positive CHECK (number >= 0),
    CONSTRAINT log_entry_once PRIMARY KEY (act_id, position),
    CONSTRAINT log_entry_states_its_certificate CHECK ((certificate IS NULL) = (statement IS NULL))
);
CREATE INDEX log_entry_waiting ON log_entry (act_id, position) WHERE number IS NULL;
CREATE INDEX log_entry_by_certificate ON log_entry (certificate, number) WHERE certificate IS NOT NULL;

-- The hashes of the tree, at the places of the dense order of Crosby and Wallach: about two for each entry.
CREATE TABLE log_node (
    place       BIGINT NOT NULL CONSTRAINT log_node_place PRIMARY KEY CONSTRAINT log_node_place_positive CHECK (place >= 0),
    hash        TEXT   NOT NULL
);

-- The public keys that signed heads, each with the size of the first head that it signed.
CREATE TABLE log_key (
    key         TEXT   NOT NULL CONSTRAINT log_key_once PRIMARY KEY,
    since_size  BIGINT NOT NULL,
    at          BIGINT NOT NULL
);

-- Every head that was ever signed.
CREATE TABLE log_head (
    size        BIGINT NOT NULL CONSTRAINT log_head_size PRIMARY KEY CONSTRAINT log_head_size_positive CHECK (size > 0),
    root        TEXT   NOT NULL,
    at          BIGINT NOT NULL,
    key         TEXT   NOT NULL CONSTRAINT log_head_key REFERENCES log_key (key),
    -- the signed checkpoint
    note        TEXT   NOT NULL
);

-- Whose turn it is: the row is locked while one copy of the server numbers entries.
CREATE TABLE log_sequencer (
    id          BIGINT NOT NULL CONSTRAINT log_sequencer_one PRIMARY KEY CONSTRAINT log_sequencer_id CHECK (id = 1),
    turns       BIGINT NOT NULL
);
INSERT INTO log_sequencer (id, turns) VALUES (1, 0);

-- What the audits found, for the operator's audit page.
CREATE TABLE audit_run (
    id          TEXT   NOT NULL CONSTRAINT audit_run_id PRIMARY KEY,
    at          BIGINT NOT NULL,
    accounts    BIGINT NOT NULL,
    transfers   BIGINT NOT NULL,
    blocks      BIGINT NOT NULL,
    calculations BIGINT NOT NULL,
    acts        BIGINT NOT NULL,
    log_entries BIGINT NOT NULL,
    differences BIGINT NOT NULL,
    -- the first of them, one a line
    found       TEXT   NOT NULL
);
