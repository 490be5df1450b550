-- The record of acts: who, when, with which key, and the answer given. A row is written in the transaction of its effect and never
-- changed. Each subject has its own chain: sequence 1, 2, 3, … and the hash of the entry before. One chain per subject instead of one for
-- all lets acts on different subjects commit at the same time.
CREATE TABLE act (
    id                  TEXT   NOT NULL CONSTRAINT act_id PRIMARY KEY,
    at                  BIGINT NOT NULL,
    kind                TEXT   NOT NULL,
    -- who chose the key: a user's id, or 'visitor', 'system', 'seed'
    scope               TEXT   NOT NULL,
    key                 TEXT   NOT NULL,
    body_hash           TEXT   NOT NULL,
    user_id             TEXT,
    organisation_id     TEXT,
    subject_kind        TEXT   NOT NULL,
    subject             TEXT   NOT NULL,
    sequence            BIGINT NOT NULL CONSTRAINT act_sequence_positive CHECK (sequence > 0),
    previous_hash       TEXT   NOT NULL,
    hash                TEXT   NOT NULL,
    state               TEXT,
    note                TEXT,
    answer              TEXT   NOT NULL,
    is_public           BIGINT NOT NULL CONSTRAINT act_is_public CHECK (is_public IN (0, 1)),
    CONSTRAINT act_key UNIQUE (scope, key),
    CONSTRAINT act_chain UNIQUE (subject, sequence)
);
CREATE INDEX act_by_publicity ON act (is_public, id);

-- A record passes from hand to hand: a project (application, later the registered project) or a monitoring report. Both share one
-- table because they share one life; domain::project holds the two tables of states.
CREATE TABLE record (
    id                  TEXT   NOT NULL CONSTRAINT record_id PRIMARY KEY,
    kind                TEXT   NOT NULL CONSTRAINT record_kind CHECK (kind IN ('project', 'report')),
    -- the project, for a report
    project_id          TEXT   CONSTRAINT record_project REFERENCES record (id),
    owner_id            TEXT   NOT NULL CONSTRAINT record_owner REFERENCES organisation (id),
    -- the validator of a project, the verifier of a report, once asked
    vvb_id              TEXT   CONSTRAINT record_vvb REFERENCES organisation (id),
    -- when it took the mandate on
    appointed_on        TEXT,
    contract            TEXT,
    state               TEXT   NOT NULL,
    state_since         BIGINT NOT NULL,
    revision            BIGINT NOT NULL,
    created_at          BIGINT NOT NULL,
    created_on          TEXT   NOT NULL,
    -- the project code, from registration on
    code                TEXT   CONSTRAINT record_code UNIQUE,
    -- of a report within its project
    number              BIGINT,
    name                TEXT   NOT NULL,
    -- name, code and owner in lower case, for the public search
    search              TEXT   NOT NULL,
    methodology         TEXT   NOT NULL,
    project_type        TEXT   NOT NULL,
    province            TEXT   NOT NULL,
    -- the draft as typed, and as it was published
    fields              TEXT   NOT NULL,
    published_fields    TEXT,
    -- crediting period of a project, monitoring period of a report
    period_start        TEXT,
    period_end          TEXT,
    -- expected tonnes a year and in all (project); applied for (report)
    year_tonnes         BIGINT,
    total_tonnes        BIGINT,
    verified_tonnes     BIGINT,
    issued_tonnes       BIGINT,
    publicity_start     TEXT,
    publicity_end       TEXT,
    calendar_version    TEXT,
    -- the registration review: receipt, stops, target day
    received_on         TEXT,
    paused_since        TEXT,
    paused_days         BIGINT NOT NULL DEFAULT 0,
    due_on              TEXT,
    reason              TEXT,
    -- whether the registry has ever received it
    submitted           BIGINT NOT NULL DEFAULT 0 CONSTRAINT record_submitted CHECK (submitted IN (0, 1)),
    -- the public list that shows it; NULL: not public
    public_tab          TEXT,
    registered_at       BIGINT,
    CONSTRAINT record_report_has_project CHECK ((kind = 'report') = (project_id IS NOT NULL)),
    CONSTRAINT record_report_number UNIQUE (project_id, number),
    CONSTRAINT record_public_is_published CHECK (public_tab IS NULL OR published_fields IS NOT NULL),
    CONSTRAINT record_issued_within_verified CHECK (issued_tonnes IS NULL OR issued_tonnes <= verified_tonnes)
);
CREATE INDEX record_by_owner ON record (owner_id, kind, id);
CREATE INDEX record_by_vvb ON record (vvb_id, kind, id);
CREATE INDEX record_by_state ON record (state, kind, id);
CREATE INDEX record_by_submission ON record (submitted, kind, id);
CREATE INDEX record_by_public_tab ON record (kind, public_tab, id);

-- The tonnes of each calendar year of a report.
CREATE TABLE report_line (
    report_id   TEXT   NOT NULL CONSTRAINT report_line_report REFERENCES record (id),
    year        BIGINT NOT NULL,
    applied     BIGINT NOT NULL CONSTRAINT report_line_applied CHECK (applied >= 0),
    verified    BIGINT CONSTRAINT report_line_verified_is_applied CHECK (verified IS NULL OR verified = applied),
    issued      BIGINT CONSTRAINT report_line_issued CHECK (issued IS NULL OR issued = verified),
    CONSTRAINT report_line_once PRIMARY KEY (report_id, year)
);

-- A calculation that a decision rested on, with everything needed to run it again.
CREATE TABLE calculation (
    id              TEXT   NOT NULL CONSTRAINT calculation_id PRIMARY KEY,
    record_id       TEXT   NOT NULL CONSTRAINT calculation_record REFERENCES record (id),
    stage           TEXT   NOT NULL CONSTRAINT calculation_stage CHECK (stage IN ('publicity', 'validation', 'verification')),
    calculator      TEXT   NOT NULL,
    version         TEXT   NOT NULL,
    parameter_sets  TEXT   NOT NULL,
    input           TEXT   NOT NULL,
    outcome         TEXT   NOT NULL,
    at              BIGINT NOT NULL,
    act_id          TEXT   NOT NULL CONSTRAINT calculation_act REFERENCES act (id) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX calculation_by_record ON calculation (record_id, id);

-- A validation or verification report.
CREATE TABLE assessment (
    id              TEXT   NOT NULL CONSTRAINT assessment_id PRIMARY KEY,
    record_id       TEXT   NOT NULL CONSTRAINT assessment_record REFERENCES record (id),
    vvb_id          TEXT   NOT NULL CONSTRAINT assessment_vvb REFERENCES organisation (id),
    conclusion      TEXT   NOT NULL CONSTRAINT assessment_conclusion CHECK (conclusion IN ('positive', 'negative')),
    report_text     TEXT   NOT NULL,
    commitment      TEXT   NOT NULL,
    amounts         TEXT   NOT NULL,
    at              BIGINT NOT NULL,
    act_id          TEXT   NOT NULL CONSTRAINT assessment_act REFERENCES act (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT assessment_once UNIQUE (record_id)
);

-- Comments of the public.
CREATE TABLE opinion (
    id                  TEXT   NOT NULL CONSTRAINT opinion_id PRIMARY KEY,
    record_id           TEXT   NOT NULL CONSTRAINT opinion_record REFERENCES record (id),
    author              TEXT   NOT NULL,
    contact             TEXT   NOT NULL,
    body                TEXT   NOT NULL,
    at                  BIGINT NOT NULL,
    moderation          TEXT   NOT NULL CONSTRAINT opinion_moderation CHECK (moderation IN ('submitted', 'published', 'refused')),
    moderation_reason   TEXT,
    reply               TEXT,
    replied_at          BIGINT,
    handled             TEXT,
    CONSTRAINT opinion_reply_to_published CHECK (reply IS NULL OR moderation = 'published')
);
CREATE INDEX opinion_by_record ON opinion (record_id, id);
CREATE INDEX opinion_by_moderation ON opinion (moderation, id);
