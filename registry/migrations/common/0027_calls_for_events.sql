-- One open call for grams for an event. A cancelled one keeps its event, so that a trip to the event is still known as one, and leaves room
-- for the next.
DROP INDEX inclusion_campaign_event_once;
CREATE UNIQUE INDEX inclusion_campaign_event_once ON inclusion_campaign (event_id) WHERE event_id IS NOT NULL AND state = 'open';
CREATE INDEX inclusion_campaign_by_event ON inclusion_campaign (event_id, id) WHERE event_id IS NOT NULL;
