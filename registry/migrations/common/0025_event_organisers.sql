-- Several organisers of one event, gifts of grams to it, and which of two sources counts.

-- An organisation that the owner of an event asked to organise it together, and what became of that. One row for each pair.
CREATE TABLE event_organiser (
    id                  TEXT   NOT NULL CONSTRAINT event_organiser_id PRIMARY KEY,
    event_id            TEXT   NOT NULL CONSTRAINT event_organiser_event REFERENCES event (id),
    organisation_id     TEXT   NOT NULL CONSTRAINT event_organiser_organisation REFERENCES organisation (id),
    state               TEXT   NOT NULL CONSTRAINT event_organiser_state CHECK (state IN ('invited', 'accepted', 'declined', 'left', 'removed')),
    invited_at          BIGINT NOT NULL,
    changed_at          BIGINT NOT NULL,
    -- the last act about it
    act_id              TEXT   NOT NULL CONSTRAINT event_organiser_act REFERENCES act (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT event_organiser_once UNIQUE (event_id, organisation_id)
);
CREATE INDEX event_organiser_by_organisation ON event_organiser (organisation_id, state, event_id);

-- The event that a call for grams is for: one call for an event, so that a trip to it can be told from every gift to it.
ALTER TABLE inclusion_campaign ADD COLUMN event_id TEXT CONSTRAINT inclusion_campaign_event REFERENCES event (id);
CREATE UNIQUE INDEX inclusion_campaign_event_once ON inclusion_campaign (event_id) WHERE event_id IS NOT NULL;
CREATE INDEX inclusion_batch_item_by_origin ON inclusion_batch_item (origin_ref, batch_id) WHERE origin_place = 'earmark';
CREATE INDEX event_unit_by_retirement ON event_unit (retirement_id) WHERE retirement_id IS NOT NULL;

-- Which of two sources of one event counts, where attendees and others told the same. The newest row of a subject is what holds,
-- as long as the lines of both sources are those that it was taken on.
CREATE TABLE event_overlap (
    id                  TEXT   NOT NULL CONSTRAINT event_overlap_id PRIMARY KEY,
    event_id            TEXT   NOT NULL CONSTRAINT event_overlap_event REFERENCES event (id),
    -- a class of the inventory, or a factor where one class has several
    subject             TEXT   NOT NULL CONSTRAINT event_overlap_subject CHECK (subject <> ''),
    counts              TEXT   NOT NULL CONSTRAINT event_overlap_counts CHECK (counts IN ('attendees', 'inventory', 'both')),
    reason              TEXT   NOT NULL CONSTRAINT event_overlap_reason CHECK (reason <> ''),
    -- SHA-256 of the lines of both sources
    lines_hash          TEXT   NOT NULL CONSTRAINT event_overlap_lines CHECK (lines_hash <> ''),
    at                  BIGINT NOT NULL,
    act_id              TEXT   NOT NULL CONSTRAINT event_overlap_act REFERENCES act (id) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX event_overlap_by_event ON event_overlap (event_id, subject, id);
