-- How lives end: applications that were given up or refused, registrations that were cancelled or revoked, the bars that follow,
-- applications begun again, and the experts of a registration review.

-- Why and by what an application or a registration ended. One row per record, written once.
CREATE TABLE ending (
    record_id       TEXT   NOT NULL CONSTRAINT ending_once PRIMARY KEY CONSTRAINT ending_record REFERENCES record (id),
    kind            TEXT   NOT NULL CONSTRAINT ending_kind
                    CHECK (kind IN ('aborted', 'registration_refused', 'deregistered', 'revoked', 'project_lost')),
    -- a code of domain::project::ending, for a deregistration and a revocation
    ground          TEXT,
    reason          TEXT   NOT NULL,
    -- the clause; empty where the owner gave up of its own will
    legal_ground    TEXT   NOT NULL,
    -- what the registry found when it acted by itself
    investigation   TEXT,
    -- the notice of the authority
    authority       TEXT,
    document_number TEXT,
    document_date   TEXT,
    ended_on        TEXT   NOT NULL,
    act_id          TEXT   NOT NULL CONSTRAINT ending_act REFERENCES act (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT ending_revocation_names_its_notice
        CHECK (kind <> 'revoked' OR (authority IS NOT NULL AND document_number IS NOT NULL AND document_date IS NOT NULL)),
    CONSTRAINT ending_of_a_registration_has_a_ground CHECK ((kind IN ('deregistered', 'revoked')) = (ground IS NOT NULL))
);

-- The owner's request to cancel a registration, and what the registry decided.
CREATE TABLE deregistration_request (
    id              TEXT   NOT NULL CONSTRAINT deregistration_request_id PRIMARY KEY,
    project_id      TEXT   NOT NULL CONSTRAINT deregistration_request_project REFERENCES record (id),
    reason          TEXT   NOT NULL,
    -- what becomes of open reports and of reductions not applied for
    outstanding     TEXT   NOT NULL,
    requested_on    TEXT   NOT NULL,
    act_id          TEXT   NOT NULL CONSTRAINT deregistration_request_act REFERENCES act (id) DEFERRABLE INITIALLY DEFERRED,
    decision        TEXT   CONSTRAINT deregistration_request_decision CHECK (decision IN ('granted', 'refused', 'overtaken')),
    decided_on      TEXT,
    decision_reason TEXT,
    CONSTRAINT deregistration_request_decided CHECK ((decision IS NULL) = (decided_on IS NULL))
);
CREATE INDEX deregistration_request_by_project ON deregistration_request (project_id, id);

-- A bar on an owner's applications (Measures art. 43). It ends by its date, never by a change of the row.
CREATE TABLE owner_ban (
    id              TEXT   NOT NULL CONSTRAINT owner_ban_id PRIMARY KEY,
    organisation_id TEXT   NOT NULL CONSTRAINT owner_ban_organisation REFERENCES organisation (id),
    -- the project whose revocation brought it
    project_id      TEXT   NOT NULL CONSTRAINT owner_ban_project REFERENCES record (id),
    from_day        TEXT   NOT NULL,
    -- 1: without end
    permanent       BIGINT NOT NULL CONSTRAINT owner_ban_permanent CHECK (permanent IN (0, 1)),
    ground          TEXT   NOT NULL,
    act_id          TEXT   NOT NULL CONSTRAINT owner_ban_act REFERENCES act (id) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX owner_ban_by_organisation ON owner_ban (organisation_id, id);

-- An application begun again from one that had ended.
CREATE TABLE resubmission (
    record_id   TEXT NOT NULL CONSTRAINT resubmission_once PRIMARY KEY CONSTRAINT resubmission_record REFERENCES record (id),
    source_id   TEXT NOT NULL CONSTRAINT resubmission_source REFERENCES record (id)
);

-- Who may be drawn as an expert.
CREATE TABLE expert (
    id          TEXT   NOT NULL CONSTRAINT expert_id PRIMARY KEY,
    name        TEXT   NOT NULL,
    employer    TEXT   NOT NULL,
    -- codes of sectors with blanks between them
    sectors     TEXT   NOT NULL,
    added_on    TEXT   NOT NULL,
    ended_on    TEXT,
    CONSTRAINT expert_order CHECK (ended_on IS NULL OR ended_on >= added_on)
);

-- A drawn expert, and the answer. `candidates` and `seed` repeat the draw (domain::project::ending::draw_experts).
CREATE TABLE expert_appointment (
    id              TEXT   NOT NULL CONSTRAINT expert_appointment_id PRIMARY KEY,
    record_id       TEXT   NOT NULL CONSTRAINT expert_appointment_record REFERENCES record (id),
    expert_id       TEXT   NOT NULL CONSTRAINT expert_appointment_expert REFERENCES expert (id),
    seed            TEXT   NOT NULL,
    candidates      TEXT   NOT NULL,
    appointed_on    TEXT   NOT NULL,
    conclusion      TEXT   CONSTRAINT expert_appointment_conclusion
                    CHECK (conclusion IN ('favourable', 'questions', 'unfavourable', 'declined')),
    opinion         TEXT,
    answered_on     TEXT,
    CONSTRAINT expert_appointment_once UNIQUE (record_id, expert_id),
    CONSTRAINT expert_appointment_answered CHECK ((conclusion IS NULL) = (answered_on IS NULL))
);
CREATE INDEX expert_appointment_by_record ON expert_appointment (record_id, id);
