-- The registry account of an organisation: opened on application, changed, restricted, restored, closed (registration rules art. 5-11);
-- who acts for the organisation; and orders that a second member confirms.

-- Organisations that are here already counted as account holders before there were applications: their accounts count as open. Every
-- organisation that signs up from now on begins with 'none'.
ALTER TABLE organisation ADD COLUMN account_state TEXT NOT NULL DEFAULT 'open' CONSTRAINT organisation_account_state
    CHECK (account_state IN ('none', 'in_review', 'refused', 'open', 'restricted', 'closing', 'closed'));
-- What the registry holds true about the holder, as JSON (domain::account::AccountData); NULL: nothing was ever applied for.
ALTER TABLE organisation ADD COLUMN account_data TEXT;
ALTER TABLE organisation ADD COLUMN account_opened_at BIGINT;

-- Applications about an account, and restrictions, which the operator imposes without one. Decided once; what stood before and what was
-- applied for are both kept.
CREATE TABLE account_application (
    id              TEXT   NOT NULL CONSTRAINT account_application_id PRIMARY KEY,
    organisation_id TEXT   NOT NULL CONSTRAINT account_application_organisation REFERENCES organisation (id),
    kind            TEXT   NOT NULL CONSTRAINT account_application_kind CHECK (kind IN ('opening', 'change', 'restriction', 'restoring', 'closing')),
    state           TEXT   NOT NULL CONSTRAINT account_application_state CHECK (state IN ('waiting', 'approved', 'refused', 'imposed')),
    -- JSON, for an opening or a change
    data_before     TEXT,
    data_after      TEXT,
    -- the day on which what is to be changed changed, and whether the application came more than 15 working days later
    changed_on      TEXT,
    is_late         BIGINT NOT NULL DEFAULT 0 CONSTRAINT account_application_is_late CHECK (is_late IN (0, 1)),
    -- of a restriction or closing
    ground          TEXT,
    reason          TEXT,
    applied_by      TEXT   NOT NULL CONSTRAINT account_application_applicant REFERENCES user_account (id),
    received_at     BIGINT NOT NULL,
    received_on     TEXT   NOT NULL,
    -- NULL: the working days reach a year whose calendar is not published
    due_on          TEXT,
    decided_by      TEXT   CONSTRAINT account_application_decider REFERENCES user_account (id),
    decided_at      BIGINT,
    decision_reason TEXT,
    act_id          TEXT   NOT NULL CONSTRAINT account_application_act REFERENCES act (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT account_application_restriction CHECK ((kind = 'restriction') = (state = 'imposed')),
    CONSTRAINT account_application_decided CHECK ((state IN ('approved', 'refused')) = (decided_by IS NOT NULL))
);
CREATE INDEX account_application_by_organisation ON account_application (organisation_id, id);
CREATE UNIQUE INDEX account_application_one_waiting ON account_application (organisation_id) WHERE state = 'waiting';

-- Who was the only person of an organisation is its administrator.
ALTER TABLE user_account ADD COLUMN member_role TEXT NOT NULL DEFAULT 'administrator' CONSTRAINT user_account_member_role
    CHECK (member_role IN ('administrator', 'initiator', 'confirmer', 'reader'));
-- Removed people stay for the record of acts, under an address that cannot sign in.
ALTER TABLE user_account ADD COLUMN removed_at BIGINT;

CREATE TABLE invitation (
    id              TEXT   NOT NULL CONSTRAINT invitation_id PRIMARY KEY,
    organisation_id TEXT   NOT NULL CONSTRAINT invitation_organisation REFERENCES organisation (id),
    email           TEXT   NOT NULL,
    member_role     TEXT   NOT NULL CONSTRAINT invitation_member_role CHECK (member_role IN ('administrator', 'initiator', 'confirmer', 'reader')),
    -- the link holds the token, the database only its hash
    token_hash      TEXT   NOT NULL CONSTRAINT invitation_token UNIQUE,
    invited_by      TEXT   NOT NULL CONSTRAINT invitation_inviter REFERENCES user_account (id),
    created_at      BIGINT NOT NULL,
    expires_at      BIGINT NOT NULL,
    -- accepted by, or withdrawn; once
    used_by         TEXT   CONSTRAINT invitation_user REFERENCES user_account (id),
    revoked_at      BIGINT,
    CONSTRAINT invitation_ended_once CHECK (used_by IS NULL OR revoked_at IS NULL)
);
CREATE INDEX invitation_by_organisation ON invitation (organisation_id, id);

-- A transfer or retirement that waits for a second member. Nothing is taken aside: what is held is asked again when it is confirmed.
CREATE TABLE credit_order (
    id              TEXT   NOT NULL CONSTRAINT credit_order_id PRIMARY KEY,
    organisation_id TEXT   NOT NULL CONSTRAINT credit_order_organisation REFERENCES organisation (id),
    kind            TEXT   NOT NULL CONSTRAINT credit_order_kind CHECK (kind IN ('transfer', 'retirement')),
    -- JSON, as typed and checked
    fields          TEXT   NOT NULL,
    quantity        BIGINT NOT NULL CONSTRAINT credit_order_quantity CHECK (quantity > 0),
    initiated_by    TEXT   NOT NULL CONSTRAINT credit_order_initiator REFERENCES user_account (id),
    initiated_at    BIGINT NOT NULL,
    act_id          TEXT   NOT NULL CONSTRAINT credit_order_act REFERENCES act (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT credit_order_of_initiator UNIQUE (id, initiated_by)
);
CREATE INDEX credit_order_by_organisation ON credit_order (organisation_id, id);

-- Decided once. The initiator is repeated so that the database itself can compare the two people.
CREATE TABLE credit_order_decision (
    order_id        TEXT   NOT NULL CONSTRAINT credit_order_decision_once PRIMARY KEY,
    initiated_by    TEXT   NOT NULL,
    outcome         TEXT   NOT NULL CONSTRAINT credit_order_decision_outcome CHECK (outcome IN ('confirmed', 'rejected', 'withdrawn')),
    decided_by      TEXT   NOT NULL CONSTRAINT credit_order_decision_decider REFERENCES user_account (id),
    decided_at      BIGINT NOT NULL,
    reason          TEXT,
    act_id          TEXT   NOT NULL CONSTRAINT credit_order_decision_act REFERENCES act (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT credit_order_decision_order FOREIGN KEY (order_id, initiated_by) REFERENCES credit_order (id, initiated_by),
    CONSTRAINT credit_order_decision_four_eyes CHECK ((outcome = 'withdrawn') = (decided_by = initiated_by))
);
