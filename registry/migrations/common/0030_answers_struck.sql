-- Answers of the form for attendees that an organiser struck out: kept, and counted nowhere. And, where a table was imported and the form was
-- answered, which of the two is counted.
ALTER TABLE event_attendee ADD COLUMN struck_at BIGINT;
ALTER TABLE event_attendee ADD COLUMN struck_reason TEXT;
CREATE INDEX event_attendee_of_form ON event_attendee (event_id, id) WHERE source = 'form';
-- 'import': the table stands for everybody; 'both': the form tells of others; empty: nobody decided
ALTER TABLE event ADD COLUMN attendee_sources TEXT CONSTRAINT event_attendee_sources
    CHECK (attendee_sources IS NULL OR attendee_sources IN ('import', 'both'));
