-- What waits for an answer of a body is read at every look at its tasks: only the questions that are open, not all that it ever had.
CREATE INDEX event_evaluation_waiting ON event_evaluation (organisation_id, id) WHERE state = 'asked' AND replaced_at IS NULL;
