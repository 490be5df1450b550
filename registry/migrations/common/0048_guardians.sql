-- A guardian's consent that is the guardian's (docs/decisions/0020; PIPL art. 28, 31). The account of somebody younger than 14 waits until the
-- guardian has answered by the link of a letter; guardian_until: until when, empty where nobody is waited for. Accounts opened before have
-- neither an address nor a confirmation: they keep what was agreed to and are asked for the address.
ALTER TABLE inclusion_account ADD COLUMN guardian_email TEXT;
ALTER TABLE inclusion_account ADD COLUMN guardian_confirmed_at BIGINT;
ALTER TABLE inclusion_account ADD COLUMN guardian_until BIGINT
    CONSTRAINT inclusion_account_waits_for_a_guardian CHECK (guardian_until IS NULL OR
        (is_minor = 1 AND state = 'open' AND guardian_email IS NOT NULL AND guardian_confirmed_at IS NULL));
-- the question whose letter carried the link that stays
ALTER TABLE inclusion_account ADD COLUMN guardian_link TEXT;

-- One question to a guardian: which consent, and what became of it. Of its links only the hash is kept; its address is that of the account.
CREATE TABLE inclusion_guardian_request (
    id              TEXT   NOT NULL CONSTRAINT inclusion_guardian_request_id PRIMARY KEY,
    account_id      TEXT   NOT NULL CONSTRAINT inclusion_guardian_request_account REFERENCES inclusion_account (id),
    purpose         TEXT   NOT NULL CONSTRAINT inclusion_guardian_request_purpose CHECK (purpose IN ('account', 'source', 'assignment', 'board')),
    provider_id     TEXT   NOT NULL,
    scene           TEXT   NOT NULL,
    token_hash      TEXT   NOT NULL CONSTRAINT inclusion_guardian_request_token UNIQUE,
    -- of the link that stays, once the guardian has agreed to the account
    link_hash       TEXT   NOT NULL CONSTRAINT inclusion_guardian_request_link UNIQUE,
    asked_at        BIGINT NOT NULL,
    expires_at      BIGINT NOT NULL CONSTRAINT inclusion_guardian_request_takes_time CHECK (expires_at > asked_at),
    state           TEXT   NOT NULL CONSTRAINT inclusion_guardian_request_state
                           CHECK (state IN ('asked', 'agreed', 'refused', 'replaced', 'expired', 'withdrawn')),
    ended_at        BIGINT,
    act_id          TEXT   NOT NULL CONSTRAINT inclusion_guardian_request_act REFERENCES act (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT inclusion_guardian_request_of_a_source CHECK ((purpose = 'source') = (provider_id <> '') AND (purpose = 'source') = (scene <> '')),
    CONSTRAINT inclusion_guardian_request_ends_once CHECK ((state = 'asked') = (ended_at IS NULL))
);
CREATE UNIQUE INDEX inclusion_guardian_request_one_open ON inclusion_guardian_request (account_id, purpose, provider_id, scene) WHERE state = 'asked';
CREATE INDEX inclusion_guardian_request_by_account ON inclusion_guardian_request (account_id, id);
CREATE INDEX inclusion_guardian_request_due ON inclusion_guardian_request (expires_at, id) WHERE state = 'asked';
