-- The carbon neutrality of events: their plan, inventory, attendees, footprints, units and published versions.

CREATE TABLE event (
    id                  TEXT   NOT NULL CONSTRAINT event_id PRIMARY KEY,
    -- E2026-000001-7: what people copy
    number              TEXT   NOT NULL CONSTRAINT event_number UNIQUE,
    organisation_id     TEXT   NOT NULL CONSTRAINT event_organisation REFERENCES organisation (id),
    name                TEXT   NOT NULL CONSTRAINT event_name CHECK (name <> ''),
    state               TEXT   NOT NULL CONSTRAINT event_state CHECK (state IN ('planned', 'published', 'held', 'accounted', 'covered',
        'evaluated', 'neutral', 'corrected', 'lapsed', 'withdrawn')),
    starts_on           TEXT   NOT NULL,
    ends_on             TEXT   NOT NULL,
    -- profile and plan as typed: JSON
    profile             TEXT   NOT NULL,
    -- the same as it was when the plan was published
    published_profile   TEXT,
    plan_published_on   TEXT,
    -- the organiser's inventory: a table as text
    inventory           TEXT   NOT NULL,
    -- rises with every change of the inventory, the attendees or the profile: a footprint is of one revision
    revision            BIGINT NOT NULL,
    -- last part of the address of the form for attendees, while it is open
    form_token          TEXT   CONSTRAINT event_form_token UNIQUE,
    -- people expected, for the limits of the form
    people              BIGINT NOT NULL CONSTRAINT event_people CHECK (people >= 1),
    -- an entered forest gives six years instead of one
    has_forest          BIGINT NOT NULL CONSTRAINT event_has_forest CHECK (has_forest IN (0, 1)),
    evaluation          TEXT   CONSTRAINT event_evaluation CHECK (evaluation IS NULL OR evaluation IN ('self', 'body')),
    evaluator           TEXT,
    evaluation_text     TEXT,
    evaluated_on        TEXT,
    -- published versions so far
    version             BIGINT NOT NULL,
    at                  BIGINT NOT NULL,
    act_id              TEXT   NOT NULL CONSTRAINT event_act REFERENCES act (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT event_has_order CHECK (starts_on <= ends_on),
    CONSTRAINT event_plan_is_whole CHECK ((plan_published_on IS NULL) = (published_profile IS NULL)),
    -- a plan that was published was published before the event ended its first day
    CONSTRAINT event_plan_before CHECK (plan_published_on IS NULL OR plan_published_on <= starts_on)
);
CREATE INDEX event_by_organisation ON event (organisation_id, id);

-- A footprint: input and outcome as JSON, of one revision of the inventory. Never changed.
CREATE TABLE event_footprint (
    id                  TEXT   NOT NULL CONSTRAINT event_footprint_id PRIMARY KEY,
    event_id            TEXT   NOT NULL CONSTRAINT event_footprint_event REFERENCES event (id),
    purpose             TEXT   NOT NULL CONSTRAINT event_footprint_purpose CHECK (purpose IN ('estimate', 'account')),
    revision            BIGINT NOT NULL,
    input               TEXT   NOT NULL,
    outcome             TEXT   NOT NULL,
    total_kg            TEXT   NOT NULL,
    tonnes              BIGINT NOT NULL CONSTRAINT event_footprint_tonnes CHECK (tonnes >= 0),
    at                  BIGINT NOT NULL,
    act_id              TEXT   NOT NULL CONSTRAINT event_footprint_act REFERENCES act (id) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX event_footprint_by_event ON event_footprint (event_id, purpose, id);

-- What one attendee told. No name, no contact.
CREATE TABLE event_attendee (
    id                  TEXT   NOT NULL CONSTRAINT event_attendee_id PRIMARY KEY,
    event_id            TEXT   NOT NULL CONSTRAINT event_attendee_event REFERENCES event (id),
    -- number of the registration, or one made for the form
    reference           TEXT   NOT NULL,
    source              TEXT   NOT NULL CONSTRAINT event_attendee_source CHECK (source IN ('form', 'import')),
    mode                TEXT   NOT NULL,
    origin              TEXT   NOT NULL,
    km                  BIGINT NOT NULL CONSTRAINT event_attendee_km CHECK (km BETWEEN 0 AND 100000),
    km_estimated        BIGINT NOT NULL,
    nights              BIGINT NOT NULL CONSTRAINT event_attendee_nights CHECK (nights BETWEEN 0 AND 60),
    meals               BIGINT NOT NULL CONSTRAINT event_attendee_meals CHECK (meals BETWEEN 0 AND 60),
    -- hash of the secret with which an answer is changed
    secret_hash         TEXT,
    at                  BIGINT NOT NULL,
    CONSTRAINT event_attendee_once UNIQUE (event_id, reference)
);
CREATE INDEX event_attendee_by_secret ON event_attendee (event_id, secret_hash);
CREATE INDEX event_attendee_by_time ON event_attendee (event_id, source, at);

-- Units of an event: retired here, retired here by somebody else, cancelled elsewhere, or a new forest.
CREATE TABLE event_unit (
    id                  TEXT   NOT NULL CONSTRAINT event_unit_id PRIMARY KEY,
    event_id            TEXT   NOT NULL CONSTRAINT event_unit_event REFERENCES event (id),
    kind                TEXT   NOT NULL CONSTRAINT event_unit_kind CHECK (kind IN ('allowance', 'ccer', 'inclusion', 'other_mechanism', 'new_forest')),
    registry            TEXT   NOT NULL,
    reference           TEXT   NOT NULL,
    tonnes              BIGINT NOT NULL CONSTRAINT event_unit_tonnes CHECK (tonnes >= 1),
    cancelled_on        TEXT,
    project             TEXT   NOT NULL,
    recognised_by       TEXT   NOT NULL,
    forest              TEXT   NOT NULL,
    evidence            TEXT   NOT NULL,
    retirement_id       TEXT   CONSTRAINT event_unit_retirement REFERENCES retirement (id),
    -- the claim that keeps the land of a forest from every other use
    claim_id            TEXT   CONSTRAINT event_unit_claim REFERENCES claim (id),
    -- registry and reference: what may be used once in all; empty again when the unit is taken back
    used_key            TEXT   CONSTRAINT event_unit_used_once UNIQUE,
    removed_at          BIGINT,
    at                  BIGINT NOT NULL,
    act_id              TEXT   NOT NULL CONSTRAINT event_unit_act REFERENCES act (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT event_unit_ccer_is_retired_here CHECK ((kind = 'ccer') = (retirement_id IS NOT NULL)),
    CONSTRAINT event_unit_removed_is_free CHECK ((removed_at IS NULL) = (used_key IS NOT NULL))
);
CREATE INDEX event_unit_by_event ON event_unit (event_id, id);

-- A published version of a result. Never changed; a correction is the next one.
CREATE TABLE event_version (
    event_id            TEXT   NOT NULL CONSTRAINT event_version_event REFERENCES event (id),
    version             BIGINT NOT NULL,
    footprint_id        TEXT   NOT NULL CONSTRAINT event_version_footprint REFERENCES event_footprint (id),
    -- profile, evaluation and units as they were published: JSON
    content             TEXT   NOT NULL,
    -- why the version before is not right
    correction          TEXT,
    published_on        TEXT   NOT NULL,
    at                  BIGINT NOT NULL,
    act_id              TEXT   NOT NULL CONSTRAINT event_version_act REFERENCES act (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT event_version_once PRIMARY KEY (event_id, version)
);
