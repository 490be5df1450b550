-- What PostgreSQL asks of every record that comes in, for a statement and not for each of its rows (docs/decisions/0020): the entries that
-- rows name, and whether a lot begins with what its act says. The same is refused as before.

-- The entry of an act is written last, so a row that names it is asked about at the commit. The acts that wait for their entry are noted
-- once, and only the notes are asked about: what names an act is noted, and what is noted has its entry.
CREATE TABLE inclusion_act (
    act_id  TEXT   NOT NULL CONSTRAINT inclusion_act_id PRIMARY KEY
        CONSTRAINT inclusion_act_entry REFERENCES act (id) DEFERRABLE INITIALLY DEFERRED
);
INSERT INTO inclusion_act (act_id) SELECT act_id FROM inclusion_activity UNION SELECT act_id FROM inclusion_transfer;
CREATE TRIGGER inclusion_act_never_updated BEFORE UPDATE ON inclusion_act
    FOR EACH ROW EXECUTE FUNCTION refuse_change('inclusion_act_never_updated');
CREATE TRIGGER inclusion_act_never_deleted BEFORE DELETE ON inclusion_act
    FOR EACH ROW EXECUTE FUNCTION refuse_change('inclusion_act_never_deleted');
CREATE TRIGGER inclusion_act_never_truncated BEFORE TRUNCATE ON inclusion_act
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('inclusion_act_never_truncated');
CREATE FUNCTION inclusion_act_note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO inclusion_act (act_id) SELECT DISTINCT act_id FROM entered ORDER BY act_id ON CONFLICT (act_id) DO NOTHING;
    RETURN NULL;
END $$;
ALTER TABLE inclusion_activity DROP CONSTRAINT inclusion_activity_act;
CREATE TRIGGER inclusion_activity_act AFTER INSERT ON inclusion_activity
    REFERENCING NEW TABLE AS entered FOR EACH STATEMENT EXECUTE FUNCTION inclusion_act_note();
CREATE TRIGGER inclusion_activity_keeps_its_entry BEFORE UPDATE ON inclusion_activity
    FOR EACH ROW WHEN (NEW.act_id <> OLD.act_id) EXECUTE FUNCTION refuse_change('inclusion_activity_keeps_its_entry');
-- movements are never updated
ALTER TABLE inclusion_transfer DROP CONSTRAINT inclusion_transfer_act;
CREATE TRIGGER inclusion_transfer_act AFTER INSERT ON inclusion_transfer
    REFERENCING NEW TABLE AS entered FOR EACH STATEMENT EXECUTE FUNCTION inclusion_act_note();

-- What begins a lot is held against its act together with the reference; what moves it later is looked at row by row, as before.
DROP TRIGGER inclusion_transfer_fits ON inclusion_transfer;
DROP FUNCTION inclusion_transfer_fit();
CREATE FUNCTION inclusion_transfer_fit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM inclusion_lot_part WHERE account_id = NEW.account_id AND lot_id = NEW.lot_id
        AND place = NEW.debit_place AND place_ref = NEW.debit_ref AND mg >= NEW.mg) THEN
        PERFORM inclusion_refuse('inclusion_transfer_moves_what_is_there');
    END IF;
    IF NOT EXISTS (SELECT 1 FROM inclusion_activity WHERE account_id = NEW.account_id AND id = NEW.lot_id AND day = NEW.lot_day) THEN
        PERFORM inclusion_refuse('inclusion_transfer_lot_day');
    END IF;
    IF NEW.debit_place = 'held' AND NEW.credit_place IN ('pool', 'earmark') AND NOT EXISTS (
        SELECT 1 FROM inclusion_consent WHERE account_id = NEW.account_id AND id = NEW.consent_id
            AND purpose = 'assignment' AND revoked_at IS NULL) THEN
        PERFORM inclusion_refuse('inclusion_transfer_consent_is_live');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER inclusion_transfer_fits BEFORE INSERT ON inclusion_transfer
    FOR EACH ROW WHEN (NEW.debit_place <> 'source') EXECUTE FUNCTION inclusion_transfer_fit();
CREATE OR REPLACE FUNCTION inclusion_transfer_lot() RETURNS trigger LANGUAGE plpgsql
    SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM entered e WHERE NOT EXISTS (
        SELECT 1 FROM inclusion_activity a WHERE a.account_id = e.account_id AND a.id = e.lot_id AND a.certifiable = e.certifiable
            AND a.campaign_id = e.campaign_id AND (e.debit_place <> 'source' OR a.mg = e.mg AND a.day = e.lot_day))) THEN
        IF EXISTS (SELECT 1 FROM entered e WHERE NOT EXISTS (
            SELECT 1 FROM inclusion_activity a WHERE a.account_id = e.account_id AND a.id = e.lot_id AND a.certifiable = e.certifiable
                AND a.campaign_id = e.campaign_id)) THEN
            PERFORM inclusion_refuse_reference('inclusion_transfer', 'inclusion_transfer_lot');
        END IF;
        IF EXISTS (SELECT 1 FROM entered e WHERE NOT EXISTS (
            SELECT 1 FROM inclusion_activity a WHERE a.account_id = e.account_id AND a.id = e.lot_id AND a.day = e.lot_day)) THEN
            PERFORM inclusion_refuse('inclusion_transfer_lot_day');
        END IF;
        PERFORM inclusion_refuse('inclusion_transfer_begins_with_the_lot');
    END IF;
    RETURN NULL;
END $$;

-- A part that a movement makes is of the lot that was looked at with the movement.
DROP TRIGGER inclusion_lot_part_lot ON inclusion_lot_part;
CREATE TRIGGER inclusion_lot_part_lot AFTER INSERT ON inclusion_lot_part
    REFERENCING NEW TABLE AS entered FOR EACH STATEMENT WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION inclusion_lot_part_lot();

-- The first part of a lot is there once, since a lot begins once: nothing is to be added up, sorted or looked for.
CREATE OR REPLACE FUNCTION inclusion_transfer_post() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM entered WHERE debit_place <> 'source') THEN
        UPDATE inclusion_lot_part p SET mg = p.mg - g.mg FROM (
            SELECT account_id, lot_id, debit_place, debit_ref, CAST(SUM(mg) AS BIGINT) AS mg FROM entered
            WHERE debit_place <> 'source' GROUP BY account_id, lot_id, debit_place, debit_ref) AS g
            WHERE p.account_id = g.account_id AND p.lot_id = g.lot_id AND p.place = g.debit_place AND p.place_ref = g.debit_ref;
        UPDATE inclusion_balance b SET mg = b.mg - g.mg FROM (
            SELECT account_id, debit_place, CAST(SUM(mg) AS BIGINT) AS mg FROM entered
            WHERE debit_place <> 'source' GROUP BY account_id, debit_place) AS g
            WHERE b.account_id = g.account_id AND b.place = g.debit_place;
        UPDATE inclusion_total t SET mg = t.mg - g.mg FROM (
            SELECT debit_place, debit_ref, shard, CAST(SUM(mg) AS BIGINT) AS mg FROM entered
            WHERE debit_place NOT IN ('source', 'pending', 'held') GROUP BY debit_place, debit_ref, shard) AS g
            WHERE t.place = g.debit_place AND t.place_ref = g.debit_ref AND t.shard = g.shard;
        INSERT INTO inclusion_lot_part (account_id, lot_id, place, place_ref, day, certifiable, mg)
            SELECT account_id, lot_id, credit_place, credit_ref, lot_day, certifiable, CAST(SUM(mg) AS BIGINT) FROM entered
            WHERE debit_place <> 'source' GROUP BY account_id, lot_id, credit_place, credit_ref, lot_day, certifiable
            ORDER BY account_id, lot_id, credit_place, credit_ref
            ON CONFLICT (account_id, lot_id, place, place_ref) DO UPDATE SET mg = inclusion_lot_part.mg + excluded.mg;
    END IF;
    INSERT INTO inclusion_lot_part (account_id, lot_id, place, place_ref, day, certifiable, mg)
        SELECT account_id, lot_id, credit_place, credit_ref, lot_day, certifiable, mg FROM entered WHERE debit_place = 'source';
    INSERT INTO inclusion_balance (account_id, place, mg)
        SELECT account_id, credit_place, CAST(SUM(mg) AS BIGINT) FROM entered GROUP BY account_id, credit_place ORDER BY account_id, credit_place
        ON CONFLICT (account_id, place) DO UPDATE SET mg = inclusion_balance.mg + excluded.mg;
    INSERT INTO inclusion_total (place, place_ref, shard, mg)
        SELECT credit_place, credit_ref, shard, CAST(SUM(mg) AS BIGINT) FROM entered WHERE credit_place NOT IN ('pending', 'held')
        GROUP BY credit_place, credit_ref, shard ORDER BY credit_place, credit_ref, shard
        ON CONFLICT (place, place_ref, shard) DO UPDATE SET mg = inclusion_total.mg + excluded.mg;
    RETURN NULL;
END $$;
