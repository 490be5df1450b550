-- What is set aside now, without reading what ever was: an act of a holder, the page of its holds and the look at what is over ask for holds
-- that have not ended, and those that have ended only grow in number. Rows come and go with the rows of credit_hold and credit_hold_end.
CREATE TABLE credit_hold_open (
    hold_id         TEXT   NOT NULL CONSTRAINT credit_hold_open_once PRIMARY KEY CONSTRAINT credit_hold_open_hold REFERENCES credit_hold (id),
    kind            TEXT   NOT NULL,
    holder_id       TEXT   NOT NULL,
    other_id        TEXT,
    last_day        TEXT
);
CREATE INDEX credit_hold_open_by_holder ON credit_hold_open (holder_id, hold_id);
CREATE INDEX credit_hold_open_by_other ON credit_hold_open (other_id, hold_id);
CREATE INDEX credit_hold_open_by_kind ON credit_hold_open (kind, hold_id);
CREATE INDEX credit_hold_open_by_last_day ON credit_hold_open (last_day, hold_id);
INSERT INTO credit_hold_open (hold_id, kind, holder_id, other_id, last_day)
    SELECT id, kind, holder_id, other_id, last_day FROM credit_hold
    WHERE NOT EXISTS (SELECT 1 FROM credit_hold_end WHERE credit_hold_end.hold_id = credit_hold.id);
CREATE FUNCTION credit_hold_opens() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO credit_hold_open (hold_id, kind, holder_id, other_id, last_day)
    VALUES (NEW.id, NEW.kind, NEW.holder_id, NEW.other_id, NEW.last_day);
    RETURN NULL;
END $$;
CREATE TRIGGER credit_hold_opens AFTER INSERT ON credit_hold FOR EACH ROW EXECUTE FUNCTION credit_hold_opens();
CREATE FUNCTION credit_hold_closes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM credit_hold_open WHERE hold_id = NEW.hold_id;
    RETURN NULL;
END $$;
CREATE TRIGGER credit_hold_closes AFTER INSERT ON credit_hold_end FOR EACH ROW EXECUTE FUNCTION credit_hold_closes();
