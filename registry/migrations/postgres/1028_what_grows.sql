-- What PostgreSQL does for every act of a person, made smaller: once for a statement instead of once for each of its rows.

-- A record of the world is claimed after its act is written, so the reference need not wait for the commit.
ALTER TABLE inclusion_fingerprint ALTER CONSTRAINT inclusion_fingerprint_activity NOT DEFERRABLE;

-- A call asks for a few periods of an account, not for all of its life. What is counted are acts; an act refers to a consent, and the
-- consent to the account: asked once for an act is enough.
ALTER TABLE inclusion_tally DROP CONSTRAINT inclusion_tally_account;
ALTER TABLE inclusion_activity DROP CONSTRAINT inclusion_activity_account;
ALTER TABLE inclusion_tally DROP CONSTRAINT inclusion_tally_once;
ALTER TABLE inclusion_tally ADD CONSTRAINT inclusion_tally_once PRIMARY KEY (account_id, period, scene);

-- Every row was looked at before it was inserted (inclusion_transfer_fits); here all rows of the statement are posted at once, in the order
-- of their keys, so that two statements do not wait for each other in a circle.
DROP TRIGGER inclusion_transfer_posts ON inclusion_transfer;
DROP FUNCTION inclusion_transfer_post();
CREATE FUNCTION inclusion_transfer_post() RETURNS trigger LANGUAGE plpgsql AS $$
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
    END IF;
    INSERT INTO inclusion_lot_part (account_id, lot_id, place, place_ref, day, certifiable, mg)
        SELECT account_id, lot_id, credit_place, credit_ref, lot_day, certifiable, CAST(SUM(mg) AS BIGINT) FROM entered
        GROUP BY account_id, lot_id, credit_place, credit_ref, lot_day, certifiable ORDER BY account_id, lot_id, credit_place, credit_ref
        ON CONFLICT (account_id, lot_id, place, place_ref) DO UPDATE SET mg = inclusion_lot_part.mg + excluded.mg;
    INSERT INTO inclusion_balance (account_id, place, mg)
        SELECT account_id, credit_place, CAST(SUM(mg) AS BIGINT) FROM entered GROUP BY account_id, credit_place ORDER BY account_id, credit_place
        ON CONFLICT (account_id, place) DO UPDATE SET mg = inclusion_balance.mg + excluded.mg;
    INSERT INTO inclusion_total (place, place_ref, shard, mg)
        SELECT credit_place, credit_ref, shard, CAST(SUM(mg) AS BIGINT) FROM entered WHERE credit_place NOT IN ('pending', 'held')
        GROUP BY credit_place, credit_ref, shard ORDER BY credit_place, credit_ref, shard
        ON CONFLICT (place, place_ref, shard) DO UPDATE SET mg = inclusion_total.mg + excluded.mg;
    RETURN NULL;
END $$;
CREATE TRIGGER inclusion_transfer_posts AFTER INSERT ON inclusion_transfer
    REFERENCING NEW TABLE AS entered FOR EACH STATEMENT EXECUTE FUNCTION inclusion_transfer_post();

-- What was verified, for all acts of a statement that settles them or takes them back.
DROP TRIGGER inclusion_activity_is_verified ON inclusion_activity;
DROP TRIGGER inclusion_activity_is_not_verified ON inclusion_activity;
DROP FUNCTION inclusion_activity_is_verified();
DROP FUNCTION inclusion_activity_is_not_verified();
CREATE FUNCTION inclusion_activity_is_verified() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO inclusion_verified (account_id, period, scene, acts, mg, assigned_mg)
        SELECT n.account_id, p.period, p.scene, COUNT(*), CAST(SUM(n.mg) AS BIGINT), 0
        FROM after_it n JOIN before_it o ON o.account_id = n.account_id AND o.id = n.id AND o.state <> 'settled'
        CROSS JOIN LATERAL (VALUES (n.day, ''), (substr(n.day, 1, 7), ''), (substr(n.day, 1, 4), ''), (substr(n.day, 1, 4), n.scene),
            ('all', n.scene)) AS p (period, scene)
        WHERE n.certifiable = 1 AND n.mg > 0 AND n.state = 'settled'
        GROUP BY n.account_id, p.period, p.scene ORDER BY n.account_id, p.period, p.scene
        ON CONFLICT (account_id, period, scene) DO UPDATE
            SET acts = inclusion_verified.acts + excluded.acts, mg = inclusion_verified.mg + excluded.mg;
    UPDATE inclusion_verified v SET acts = v.acts - g.acts, mg = v.mg - g.mg FROM (
        SELECT n.account_id, p.period, p.scene, COUNT(*) AS acts, CAST(SUM(n.mg) AS BIGINT) AS mg
        FROM after_it n JOIN before_it o ON o.account_id = n.account_id AND o.id = n.id AND o.state = 'settled'
        CROSS JOIN LATERAL (VALUES (n.day, ''), (substr(n.day, 1, 7), ''), (substr(n.day, 1, 4), ''), (substr(n.day, 1, 4), n.scene),
            ('all', n.scene)) AS p (period, scene)
        WHERE n.certifiable = 1 AND n.mg > 0 AND n.state <> 'settled'
        GROUP BY n.account_id, p.period, p.scene) AS g
        WHERE v.account_id = g.account_id AND v.period = g.period AND v.scene = g.scene;
    RETURN NULL;
END $$;
CREATE TRIGGER inclusion_activity_is_verified AFTER UPDATE ON inclusion_activity
    REFERENCING OLD TABLE AS before_it NEW TABLE AS after_it FOR EACH STATEMENT EXECUTE FUNCTION inclusion_activity_is_verified();
