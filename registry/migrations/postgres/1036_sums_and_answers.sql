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
);
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
CREATE FUNCTION credit_offset_asked() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO credit_offset_sum AS s (holder_id, market, year, tonnes, due)
    VALUES (NEW.holder_id, NEW.offset_market, NEW.offset_year, NEW.quantity, NEW.offset_due)
    ON CONFLICT (holder_id, market, year) DO UPDATE SET tonnes = s.tonnes + excluded.tonnes, due = excluded.due;
    RETURN NULL;
END $$;
CREATE TRIGGER credit_offset_asked AFTER INSERT ON credit_hold FOR EACH ROW WHEN (NEW.offset_market IS NOT NULL)
    EXECUTE FUNCTION credit_offset_asked();
CREATE FUNCTION credit_offset_ended() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE credit_offset_sum s SET tonnes = s.tonnes - h.quantity FROM credit_hold h
    WHERE h.id = NEW.hold_id AND s.holder_id = h.holder_id AND s.market = h.offset_market AND s.year = h.offset_year;
    RETURN NULL;
END $$;
CREATE TRIGGER credit_offset_ended AFTER INSERT ON credit_hold_end FOR EACH ROW WHEN (NEW.outcome <> 'cancelled')
    EXECUTE FUNCTION credit_offset_ended();

-- What a body said about the statement of an event stays as it was said.
CREATE TRIGGER event_evaluation_answer_is_final BEFORE UPDATE ON event_evaluation FOR EACH ROW
    WHEN (OLD.decided_at IS NOT NULL AND (NEW.state, NEW.seen, NEW.opinion, NEW.decided_at, NEW.decided_act_id, NEW.version, NEW.event_id,
        NEW.organisation_id) IS DISTINCT FROM (OLD.state, OLD.seen, OLD.opinion, OLD.decided_at, OLD.decided_act_id, OLD.version, OLD.event_id,
        OLD.organisation_id))
    EXECUTE FUNCTION refuse_change('event_evaluation_answer_is_final');
CREATE TRIGGER event_evaluation_never_deleted BEFORE DELETE ON event_evaluation
    FOR EACH ROW EXECUTE FUNCTION refuse_change('event_evaluation_never_deleted');
CREATE TRIGGER event_evaluation_never_truncated BEFORE TRUNCATE ON event_evaluation
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('event_evaluation_never_truncated');
