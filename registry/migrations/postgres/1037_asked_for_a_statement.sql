-- What PostgreSQL asks of every record that comes in, made smaller once more: whether what a row refers to is there is asked once for a
-- statement and not once for each of its rows (docs/decisions/0020). These four references are the same as before: a row that refers to
-- nothing is refused under the same name and with the same code, at the same moment; the rows they refer to can neither be deleted nor be
-- given another key, and neither can the rows that refer to them.

CREATE FUNCTION inclusion_refuse_reference(of_table TEXT, name TEXT) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'insert or update on table "%" violates foreign key constraint "%"', of_table, name
        USING ERRCODE = 'foreign_key_violation', TABLE = of_table, CONSTRAINT = name;
END $$;

-- What is referred to keeps its key. Acts and consents keep their ids already.
CREATE TRIGGER inclusion_activity_keeps_its_campaign BEFORE UPDATE ON inclusion_activity
    FOR EACH ROW WHEN (NEW.campaign_id <> OLD.campaign_id) EXECUTE FUNCTION refuse_change('inclusion_activity_fixed');
CREATE TRIGGER inclusion_fingerprint_keeps_its_act BEFORE UPDATE ON inclusion_fingerprint
    FOR EACH ROW WHEN (NEW.account_id <> OLD.account_id OR NEW.activity_id <> OLD.activity_id)
    EXECUTE FUNCTION refuse_change('inclusion_fingerprint_keeps_its_act');
CREATE TRIGGER inclusion_lot_part_keeps_its_lot BEFORE UPDATE ON inclusion_lot_part
    FOR EACH ROW WHEN (NEW.account_id <> OLD.account_id OR NEW.lot_id <> OLD.lot_id)
    EXECUTE FUNCTION refuse_change('inclusion_lot_part_keeps_its_lot');

-- Each is looked up by its key, whatever the size of the table was when its rows were counted last.
ALTER TABLE inclusion_activity DROP CONSTRAINT inclusion_activity_consent;
CREATE FUNCTION inclusion_activity_consent() RETURNS trigger LANGUAGE plpgsql
    SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM (SELECT DISTINCT account_id, consent_id FROM entered) AS e WHERE NOT EXISTS (
        SELECT 1 FROM inclusion_consent c WHERE c.account_id = e.account_id AND c.id = e.consent_id)) THEN
        PERFORM inclusion_refuse_reference('inclusion_activity', 'inclusion_activity_consent');
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER inclusion_activity_consent AFTER INSERT ON inclusion_activity
    REFERENCING NEW TABLE AS entered FOR EACH STATEMENT EXECUTE FUNCTION inclusion_activity_consent();

ALTER TABLE inclusion_fingerprint DROP CONSTRAINT inclusion_fingerprint_activity;
CREATE FUNCTION inclusion_fingerprint_activity() RETURNS trigger LANGUAGE plpgsql
    SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM entered e WHERE NOT EXISTS (
        SELECT 1 FROM inclusion_activity a WHERE a.account_id = e.account_id AND a.id = e.activity_id)) THEN
        PERFORM inclusion_refuse_reference('inclusion_fingerprint', 'inclusion_fingerprint_activity');
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER inclusion_fingerprint_activity AFTER INSERT ON inclusion_fingerprint
    REFERENCING NEW TABLE AS entered FOR EACH STATEMENT EXECUTE FUNCTION inclusion_fingerprint_activity();

ALTER TABLE inclusion_lot_part DROP CONSTRAINT inclusion_lot_part_lot;
CREATE FUNCTION inclusion_lot_part_lot() RETURNS trigger LANGUAGE plpgsql
    SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM entered e WHERE NOT EXISTS (
        SELECT 1 FROM inclusion_activity a WHERE a.account_id = e.account_id AND a.id = e.lot_id)) THEN
        PERFORM inclusion_refuse_reference('inclusion_lot_part', 'inclusion_lot_part_lot');
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER inclusion_lot_part_lot AFTER INSERT ON inclusion_lot_part
    REFERENCING NEW TABLE AS entered FOR EACH STATEMENT EXECUTE FUNCTION inclusion_lot_part_lot();

-- Before the movements are posted: triggers of a table fire in the order of their names.
ALTER TABLE inclusion_transfer DROP CONSTRAINT inclusion_transfer_lot;
CREATE FUNCTION inclusion_transfer_lot() RETURNS trigger LANGUAGE plpgsql
    SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM entered e WHERE NOT EXISTS (
        SELECT 1 FROM inclusion_activity a WHERE a.account_id = e.account_id AND a.id = e.lot_id AND a.certifiable = e.certifiable
            AND a.campaign_id = e.campaign_id)) THEN
        PERFORM inclusion_refuse_reference('inclusion_transfer', 'inclusion_transfer_lot');
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER inclusion_transfer_lot AFTER INSERT ON inclusion_transfer
    REFERENCING NEW TABLE AS entered FOR EACH STATEMENT EXECUTE FUNCTION inclusion_transfer_lot();

-- Only the reference of movements needed this second key of an act.
ALTER TABLE inclusion_activity DROP CONSTRAINT inclusion_activity_identity;

-- What is counted in a week, a month and a year is counted again with every act: where a page has room for it, no index is written.
ALTER TABLE inclusion_tally SET (fillfactor = 70);
ALTER TABLE inclusion_balance SET (fillfactor = 70);
