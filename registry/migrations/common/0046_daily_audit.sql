-- The audit that the server runs once a day. Whichever copy comes first takes the day; the others see that it is taken. What was found is in
-- audit_run.
CREATE TABLE audit_day (
    -- a Beijing day, YYYY-MM-DD; it begins at three in the morning
    day         TEXT   NOT NULL CONSTRAINT audit_day_once PRIMARY KEY,
    -- when a copy of the server took it; one that does not come to an end is taken over
    taken_at    BIGINT NOT NULL,
    ended_at    BIGINT CONSTRAINT audit_day_ends CHECK (ended_at IS NULL OR ended_at >= taken_at)
);
