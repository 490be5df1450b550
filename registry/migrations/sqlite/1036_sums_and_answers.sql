-- What a holder surrendered in a market for a year, or has waiting: read by each of its requests, so it is a sum and not a list. A request adds
-- to it; one that ends otherwise than with its cancellation is taken from it.
CREATE TABLE credit_offset_sum (
    holder_id       TEXT   NOT NULL CONSTRAINT credit_offset_sum_holder REFERENCES organisation (id),
    market          TEXT   NOT NULL,
    year            BIGINT NOT NULL,
    tonnes          BIGINT NOT NULL CONSTRAINT credit_offset_sum_tonnes CHECK (tonnes >= 0),
    -- the allowances due that the newest request names; all that count name the same
    due             BIGINT NOT NULL,
    CONSTRAINT credit_offset_sum_once PRIMARY KEY (holder_id, market, year)
) WITHOUT ROWID;
INSERT INTO credit_offset_sum (holder_id, market, year, tonnes, due)
    SELECT holder_id, offset_market, offset_year,
        SUM(CASE WHEN outcome IS NULL OR outcome = 'cancelled' THEN quantity ELSE 0 END), MAX(offset_due)
    FROM credit_hold LEFT JOIN credit_hold_end ON hold_id = credit_hold.id
    WHERE offset_market IS NOT NULL GROUP BY holder_id, offset_market, offset_year;
UPDATE credit_offset_sum SET due = (
    SELECT offset_due FROM credit_hold LEFT JOIN credit_hold_end ON hold_id = credit_hold.id
    WHERE credit_hold.holder_id = credit_offset_sum.holder_id AND offset_market = market AND offset_year = year
        AND (outcome IS NULL OR outcome = 'cancelled') ORDER BY credit_hold.id DESC LIMIT 1)
WHERE tonnes > 0;
DROP INDEX credit_hold_by_offset;
CREATE TRIGGER credit_offset_asked AFTER INSERT ON credit_hold WHEN NEW.offset_market IS NOT NULL
BEGIN
    INSERT INTO credit_offset_sum (holder_id, market, year, tonnes, due)
    VALUES (NEW.holder_id, NEW.offset_market, NEW.offset_year, NEW.quantity, NEW.offset_due)
    ON CONFLICT (holder_id, market, year) DO UPDATE SET tonnes = tonnes + excluded.tonnes, due = excluded.due;
END;
CREATE TRIGGER credit_offset_ended AFTER INSERT ON credit_hold_end WHEN NEW.outcome <> 'cancelled'
BEGIN
    UPDATE credit_offset_sum SET tonnes = tonnes - (SELECT quantity FROM credit_hold WHERE id = NEW.hold_id)
    WHERE (holder_id, market, year) = (SELECT holder_id, offset_market, offset_year FROM credit_hold WHERE id = NEW.hold_id);
END;

-- What a body said about the statement of an event stays as it was said.
CREATE TRIGGER event_evaluation_answer_is_final BEFORE UPDATE ON event_evaluation
WHEN OLD.decided_at IS NOT NULL AND (NEW.state IS NOT OLD.state OR NEW.seen IS NOT OLD.seen OR NEW.opinion IS NOT OLD.opinion
    OR NEW.decided_at IS NOT OLD.decided_at OR NEW.decided_act_id IS NOT OLD.decided_act_id OR NEW.version IS NOT OLD.version
    OR NEW.event_id IS NOT OLD.event_id OR NEW.organisation_id IS NOT OLD.organisation_id)
BEGIN SELECT RAISE(ABORT, 'event_evaluation_answer_is_final'); END;
CREATE TRIGGER event_evaluation_never_deleted BEFORE DELETE ON event_evaluation
BEGIN SELECT RAISE(ABORT, 'event_evaluation_never_deleted'); END;
