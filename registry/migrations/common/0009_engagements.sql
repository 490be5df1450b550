-- What a body does between taking a mandate and its report: plan, team, visits, findings; and the register of ties between bodies and
-- companies. One mandate per record: a body that has taken it on cannot be changed.
CREATE TABLE engagement (
    record_id               TEXT   NOT NULL CONSTRAINT engagement_once PRIMARY KEY CONSTRAINT engagement_record REFERENCES record (id),
    vvb_id                  TEXT   NOT NULL CONSTRAINT engagement_vvb REFERENCES organisation (id),
    -- when it stated its impartiality; NULL for mandates taken before this was asked
    impartial_at            BIGINT,
    document_reviewed_on    TEXT,
    sites_total             BIGINT CONSTRAINT engagement_sites CHECK (sites_total BETWEEN 1 AND 100000),
    -- how the visited sites were chosen, where not all are
    sampling                TEXT,
    reviewer                TEXT,
    decision_maker          TEXT
);

-- Somebody in the team; who is taken off stays here.
CREATE TABLE engagement_member (
    id          TEXT   NOT NULL CONSTRAINT engagement_member_id PRIMARY KEY,
    record_id   TEXT   NOT NULL CONSTRAINT engagement_member_record REFERENCES record (id),
    name        TEXT   NOT NULL,
    full_time   BIGINT NOT NULL CONSTRAINT engagement_member_full_time CHECK (full_time IN (0, 1)),
    -- codes of sectors with a blank between them
    sectors     TEXT   NOT NULL,
    duty        TEXT   NOT NULL CONSTRAINT engagement_member_duty CHECK (duty IN ('leader', 'member', 'expert')),
    -- how the registry reaches the person
    contact     TEXT,
    removed_at  BIGINT,
    act_id      TEXT   NOT NULL CONSTRAINT engagement_member_act REFERENCES act (id) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX engagement_member_by_record ON engagement_member (record_id, id);

-- A visit to one site by members of the team.
CREATE TABLE engagement_visit (
    id          TEXT   NOT NULL CONSTRAINT engagement_visit_id PRIMARY KEY,
    record_id   TEXT   NOT NULL CONSTRAINT engagement_visit_record REFERENCES record (id),
    site        TEXT   NOT NULL,
    visited_on  TEXT   NOT NULL,
    -- JSON: the names of those who went there
    persons     TEXT   NOT NULL,
    removed_at  BIGINT,
    act_id      TEXT   NOT NULL CONSTRAINT engagement_visit_act REFERENCES act (id) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX engagement_visit_by_record ON engagement_visit (record_id, id);

-- A corrective action request or an observation.
CREATE TABLE finding (
    id              TEXT   NOT NULL CONSTRAINT finding_id PRIMARY KEY,
    record_id       TEXT   NOT NULL CONSTRAINT finding_record REFERENCES record (id),
    number          BIGINT NOT NULL CONSTRAINT finding_number_positive CHECK (number > 0),
    kind            TEXT   NOT NULL CONSTRAINT finding_kind CHECK (kind IN ('request', 'observation')),
    -- a field of the document, or a file, or neither: the record as a whole
    field           TEXT,
    attachment_id   TEXT   CONSTRAINT finding_attachment REFERENCES attachment (id),
    body            TEXT   NOT NULL,
    state           TEXT   NOT NULL CONSTRAINT finding_state CHECK (state IN ('raised', 'answered', 'returned', 'closed')),
    at              BIGINT NOT NULL,
    -- when the owner called it settled last, and when the body agreed
    answered_at     BIGINT,
    closed_at       BIGINT,
    -- the observation of an earlier record of the project that this one goes on with
    carried_from    TEXT   CONSTRAINT finding_carried_once UNIQUE CONSTRAINT finding_carried REFERENCES finding (id),
    act_id          TEXT   NOT NULL CONSTRAINT finding_act REFERENCES act (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT finding_number UNIQUE (record_id, number),
    CONSTRAINT finding_one_place CHECK (field IS NULL OR attachment_id IS NULL),
    CONSTRAINT finding_closed_by_both CHECK ((state = 'closed') = (closed_at IS NOT NULL) AND (closed_at IS NULL OR answered_at IS NOT NULL))
);

-- What was said about a finding after it was raised, in its order. Only added to.
CREATE TABLE finding_step (
    id              TEXT   NOT NULL CONSTRAINT finding_step_id PRIMARY KEY,
    finding_id      TEXT   NOT NULL CONSTRAINT finding_step_finding REFERENCES finding (id),
    event           TEXT   NOT NULL CONSTRAINT finding_step_event CHECK (event IN ('answer', 'close', 'return')),
    body            TEXT   NOT NULL,
    -- what the document should say, if the owner corrects it
    corrected       TEXT,
    -- where the evidence is; not for the public
    evidence        TEXT,
    at              BIGINT NOT NULL,
    act_id          TEXT   NOT NULL CONSTRAINT finding_step_act REFERENCES act (id) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX finding_step_by_finding ON finding_step (finding_id, id);

-- A known tie between a body and a company, by its credit code: the company need not have an account yet.
CREATE TABLE tie (
    id          TEXT   NOT NULL CONSTRAINT tie_id PRIMARY KEY,
    vvb_id      TEXT   NOT NULL CONSTRAINT tie_vvb REFERENCES organisation (id),
    uscc        TEXT   NOT NULL,
    company     TEXT   NOT NULL,
    kind        TEXT   NOT NULL CONSTRAINT tie_kind CHECK (kind IN ('assets', 'management', 'services', 'funding')),
    since       TEXT   NOT NULL,
    -- the last day on which it holds
    until       TEXT,
    source      TEXT   NOT NULL,
    entered_by  TEXT   NOT NULL CONSTRAINT tie_entered_by REFERENCES organisation (id),
    at          BIGINT NOT NULL,
    -- why it is said to have ended
    ended       TEXT,
    act_id      TEXT   NOT NULL CONSTRAINT tie_act REFERENCES act (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT tie_in_order CHECK (until IS NULL OR since <= until)
);
CREATE INDEX tie_by_vvb ON tie (vvb_id, uscc);
