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
