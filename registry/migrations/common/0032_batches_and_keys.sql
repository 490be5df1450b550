-- What is in a shared place, in the order in which it is put into a batch: a page of it is read from the index and sorted by nobody, however
-- many lots there are (docs/decisions/0020).
DROP INDEX inclusion_lot_part_of_place;
CREATE INDEX inclusion_lot_part_of_place ON inclusion_lot_part (place, place_ref, day, account_id, lot_id)
    WHERE mg > 0 AND place <> 'pending' AND place <> 'held';

-- The keys a provider signs with: a new one takes over while the one before it still counts for some days, or ends at once because it leaked
-- (docs/decisions/0026). Each is kept as it is, since a signature must be computed from it.
CREATE TABLE inclusion_provider_key (
    id              TEXT   NOT NULL CONSTRAINT inclusion_provider_key_id PRIMARY KEY,
    provider_id     TEXT   NOT NULL CONSTRAINT inclusion_provider_key_provider REFERENCES inclusion_provider (id),
    secret          TEXT   NOT NULL CONSTRAINT inclusion_provider_key_secret CHECK (length(secret) >= 64),
    created_at      BIGINT NOT NULL,
    -- from this moment on it is not taken any more
    valid_until     BIGINT,
    ended_for       TEXT   CONSTRAINT inclusion_provider_key_ended_for CHECK (ended_for IN ('replaced', 'leaked', 'ended')),
    -- to the hour
    last_used_at    BIGINT,
    act_id          TEXT   NOT NULL CONSTRAINT inclusion_provider_key_act REFERENCES act (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT inclusion_provider_key_order CHECK (valid_until IS NULL OR valid_until >= created_at),
    CONSTRAINT inclusion_provider_key_ends_for_a_reason CHECK ((valid_until IS NULL) = (ended_for IS NULL))
);
CREATE INDEX inclusion_provider_key_by_provider ON inclusion_provider_key (provider_id, id);
-- The first key of a provider has its provider's id. When a provider ended is not known: its key ended then, at the latest.
INSERT INTO inclusion_provider_key (id, provider_id, secret, created_at, valid_until, ended_for, act_id)
    SELECT id, id, secret, added_at, CASE state WHEN 'ended' THEN added_at END, CASE state WHEN 'ended' THEN 'ended' END, act_id
    FROM inclusion_provider;
ALTER TABLE inclusion_provider DROP COLUMN secret;

-- Boards of regions (docs/decisions/0025): who is on them - with a live consent to the text of now and a nickname, in the account's region and
-- in those that it lies in - and what they verified in each month, in the order of the board. The rows of months are written by the triggers
-- of these two tables and of what was verified, so that a board is read from its top, however many people a region has.
CREATE TABLE inclusion_board_member (
    account_id      TEXT   NOT NULL CONSTRAINT inclusion_board_member_account REFERENCES inclusion_account (id),
    region          TEXT   NOT NULL,
    CONSTRAINT inclusion_board_member_once PRIMARY KEY (account_id, region)
);
CREATE TABLE inclusion_board_entry (
    account_id      TEXT   NOT NULL,
    region          TEXT   NOT NULL,
    period          TEXT   NOT NULL,
    mg              BIGINT NOT NULL CONSTRAINT inclusion_board_entry_mg CHECK (mg >= 0),
    CONSTRAINT inclusion_board_entry_once PRIMARY KEY (account_id, region, period),
    CONSTRAINT inclusion_board_entry_member FOREIGN KEY (account_id, region) REFERENCES inclusion_board_member (account_id, region)
        ON DELETE CASCADE
);
CREATE INDEX inclusion_board_entry_in_order ON inclusion_board_entry (region, period, mg DESC, account_id) WHERE mg > 0;
-- a region is a code of two letters with up to two more behind it: CN, CN-GD, CN-GD-SZ
INSERT INTO inclusion_board_member (account_id, region)
    SELECT DISTINCT p.id, substr(p.region, 1, l.letters) FROM inclusion_account p
    JOIN inclusion_consent c ON c.account_id = p.id AND c.purpose = 'board' AND c.revoked_at IS NULL AND c.text_version >= 2
    CROSS JOIN (SELECT 2 AS letters UNION ALL SELECT 5 UNION ALL SELECT 8) AS l
    WHERE p.state <> 'closed' AND p.nickname IS NOT NULL;
INSERT INTO inclusion_board_entry (account_id, region, period, mg)
    SELECT v.account_id, m.region, v.period, v.mg FROM inclusion_verified v JOIN inclusion_board_member m ON m.account_id = v.account_id
    WHERE v.scene = '' AND length(v.period) = 7;

-- A consent that took the place of an earlier one, to a newer text: since when this purpose, source and scene have been agreed to without a gap.
ALTER TABLE inclusion_consent ADD COLUMN covered_from BIGINT
    CONSTRAINT inclusion_consent_covered_from CHECK (covered_from IS NULL OR covered_from <= granted_at);
