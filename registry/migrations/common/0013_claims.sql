-- Uniqueness and claims: requests to the certificate authority, claims across mechanisms, changes of registered projects, complaints, and
-- authors whose right to comment is suspended.

-- A request to freeze or to cancel untraded green certificates. The registry sends it by its own means and keeps its state by hand.
CREATE TABLE certificate_request (
    id              TEXT   NOT NULL CONSTRAINT certificate_request_id PRIMARY KEY,
    kind            TEXT   NOT NULL CONSTRAINT certificate_request_kind CHECK (kind IN ('freeze', 'cancel')),
    project_id      TEXT   NOT NULL CONSTRAINT certificate_request_project REFERENCES record (id),
    -- the report, for a request to cancel
    report_id       TEXT   CONSTRAINT certificate_request_report REFERENCES record (id),
    archive_code    TEXT   NOT NULL,
    first_day       TEXT   NOT NULL,
    last_day        TEXT   NOT NULL,
    -- month, settled, claimed and traded, as the report states them; empty for a request to freeze
    months          TEXT   NOT NULL,
    state           TEXT   NOT NULL CONSTRAINT certificate_request_state CHECK (state IN ('to_send', 'sent', 'answered')),
    sent_on         TEXT,
    reference       TEXT,
    answered_on     TEXT,
    answer          TEXT,
    at              BIGINT NOT NULL,
    act_id          TEXT   NOT NULL CONSTRAINT certificate_request_act REFERENCES act (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT certificate_request_cancel_has_report CHECK ((kind = 'cancel') = (report_id IS NOT NULL)),
    CONSTRAINT certificate_request_sent_is_dated CHECK ((state = 'to_send') = (sent_on IS NULL)),
    CONSTRAINT certificate_request_answer_is_dated CHECK ((state = 'answered') = (answered_on IS NOT NULL))
);
CREATE INDEX certificate_request_by_project ON certificate_request (project_id, id);

-- Who has an activity. Rows of mechanism 'ccer' belong to a project here and end with it; the others are entered by the registry.
CREATE TABLE claim (
    id              TEXT   NOT NULL CONSTRAINT claim_id PRIMARY KEY,
    mechanism       TEXT   NOT NULL CONSTRAINT claim_mechanism CHECK (mechanism IN
        ('ccer', 'national_inclusion', 'regional_inclusion', 'vcs', 'gold_standard', 'cdm', 'i_rec', 'other')),
    key_kind        TEXT   NOT NULL CONSTRAINT claim_key_kind CHECK (key_kind IN ('plant', 'boundary', 'device')),
    -- the code or number as it is compared; a name for a boundary
    key_text        TEXT   NOT NULL,
    -- GeoJSON, for a boundary of another mechanism; the boundary of a project is in its own table
    geojson         TEXT,
    family          TEXT   NOT NULL,
    valid_from      TEXT   NOT NULL,
    valid_to        TEXT,
    -- the project's name or number in the other mechanism
    reference       TEXT   NOT NULL,
    source          TEXT   NOT NULL,
    project_id      TEXT   CONSTRAINT claim_project REFERENCES record (id),
    ended_reason    TEXT,
    ended_at        BIGINT,
    at              BIGINT NOT NULL,
    act_id          TEXT   NOT NULL CONSTRAINT claim_act REFERENCES act (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT claim_of_project_is_ours CHECK ((mechanism = 'ccer') = (project_id IS NOT NULL)),
    CONSTRAINT claim_end_has_reason CHECK ((ended_at IS NULL) = (ended_reason IS NULL)),
    CONSTRAINT claim_has_order CHECK (valid_to IS NULL OR valid_from <= valid_to)
);
CREATE INDEX claim_by_key ON claim (key_kind, key_text, id);
CREATE INDEX claim_by_project ON claim (project_id, id);

-- A change of a registered project, with what was before and what is after.
CREATE TABLE project_change (
    id              TEXT   NOT NULL CONSTRAINT project_change_id PRIMARY KEY,
    project_id      TEXT   NOT NULL CONSTRAINT project_change_project REFERENCES record (id),
    number          BIGINT NOT NULL,
    kind            TEXT   NOT NULL CONSTRAINT project_change_kind CHECK (kind IN
        ('owner_name', 'owner_transfer', 'location_correction', 'monitoring_plan', 'capacity', 'methodology_version')),
    before_text     TEXT   NOT NULL,
    after_text      TEXT   NOT NULL,
    -- fields of the published document that an approval replaces: JSON
    fields          TEXT   NOT NULL,
    reason          TEXT   NOT NULL,
    evidence        TEXT   NOT NULL,
    state           TEXT   NOT NULL CONSTRAINT project_change_state CHECK (state IN
        ('awaiting_opinion', 'awaiting_decision', 'approved', 'refused', 'withdrawn')),
    vvb_id          TEXT   CONSTRAINT project_change_vvb REFERENCES organisation (id),
    vvb_opinion     TEXT,
    vvb_positive    BIGINT CONSTRAINT project_change_vvb_positive CHECK (vvb_positive IS NULL OR vvb_positive IN (0, 1)),
    -- private: the account number of the new owner
    new_owner_id    TEXT   CONSTRAINT project_change_new_owner REFERENCES organisation (id),
    decision_reason TEXT,
    decided_at      BIGINT,
    at              BIGINT NOT NULL,
    act_id          TEXT   NOT NULL CONSTRAINT project_change_act REFERENCES act (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT project_change_number UNIQUE (project_id, number),
    CONSTRAINT project_change_differs CHECK (before_text <> after_text)
);

-- A report of wrongdoing. Text and author stay with the registry; kind, day, state and answer are public.
CREATE TABLE complaint (
    id              TEXT   NOT NULL CONSTRAINT complaint_id PRIMARY KEY,
    project_id      TEXT   NOT NULL CONSTRAINT complaint_project REFERENCES record (id),
    kind            TEXT   NOT NULL CONSTRAINT complaint_kind CHECK (kind IN
        ('false_material', 'double_claim', 'harm', 'body_conduct', 'other')),
    author          TEXT   NOT NULL,
    contact         TEXT   NOT NULL,
    body            TEXT   NOT NULL,
    state           TEXT   NOT NULL CONSTRAINT complaint_state CHECK (state IN ('received', 'under_investigation', 'answered')),
    note            TEXT,
    reply           TEXT,
    replied_at      BIGINT,
    at              BIGINT NOT NULL,
    act_id          TEXT   NOT NULL CONSTRAINT complaint_act REFERENCES act (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT complaint_answer_is_dated CHECK ((state = 'answered') = (reply IS NOT NULL) AND (reply IS NULL) = (replied_at IS NULL))
);
CREATE INDEX complaint_by_project ON complaint (project_id, id);
CREATE INDEX complaint_by_state ON complaint (state, id);

-- An author whose right to comment is suspended, by contact (registration rules art. 19).
CREATE TABLE suspended_author (
    id              TEXT   NOT NULL CONSTRAINT suspended_author_id PRIMARY KEY,
    contact         TEXT   NOT NULL,
    until_day       TEXT   NOT NULL,
    reason          TEXT   NOT NULL,
    -- the comment that it was decided on
    opinion_id      TEXT   NOT NULL CONSTRAINT suspended_author_opinion REFERENCES opinion (id),
    restored_at     BIGINT,
    at              BIGINT NOT NULL,
    act_id          TEXT   NOT NULL CONSTRAINT suspended_author_act REFERENCES act (id) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX suspended_author_by_contact ON suspended_author (contact, id);

-- To which authority a refused comment was reported, and when: a note of the registry.
ALTER TABLE opinion ADD COLUMN authority_note TEXT;
