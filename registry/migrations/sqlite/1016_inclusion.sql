-- What SQLite enforces by triggers for carbon inclusion; the names of the refusals are the same as on PostgreSQL.

-- A person is a party of its own. SQLite has no statement that changes a CHECK; this is the way its manual gives for it
-- (https://www.sqlite.org/lang_altertable.html, section 7): only the text of the check changes, no stored row.
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, '''event_organiser'')', '''event_organiser'', ''individual'')')
    WHERE type = 'table' AND name = 'organisation';
PRAGMA writable_schema = RESET;

CREATE TRIGGER inclusion_transfer_fits BEFORE INSERT ON inclusion_transfer
BEGIN
    SELECT RAISE(ABORT, 'inclusion_transfer_moves_what_is_there') WHERE NEW.debit_place <> 'source' AND NOT EXISTS (
        SELECT 1 FROM inclusion_lot_part WHERE account_id = NEW.account_id AND lot_id = NEW.lot_id
            AND place = NEW.debit_place AND place_ref = NEW.debit_ref AND mg >= NEW.mg);
    SELECT RAISE(ABORT, 'inclusion_transfer_begins_with_the_lot') WHERE NEW.debit_place = 'source' AND NOT EXISTS (
        SELECT 1 FROM inclusion_activity WHERE account_id = NEW.account_id AND id = NEW.lot_id AND mg = NEW.mg);
    SELECT RAISE(ABORT, 'inclusion_transfer_lot_day') WHERE NOT EXISTS (
        SELECT 1 FROM inclusion_activity WHERE account_id = NEW.account_id AND id = NEW.lot_id AND day = NEW.lot_day);
    SELECT RAISE(ABORT, 'inclusion_transfer_consent_is_live') WHERE NEW.debit_place = 'held' AND NEW.credit_place IN ('pool', 'earmark')
        AND NOT EXISTS (SELECT 1 FROM inclusion_consent WHERE account_id = NEW.account_id AND id = NEW.consent_id
            AND purpose = 'assignment' AND revoked_at IS NULL);
END;
CREATE TRIGGER inclusion_transfer_posts AFTER INSERT ON inclusion_transfer
BEGIN
    UPDATE inclusion_lot_part SET mg = mg - NEW.mg WHERE account_id = NEW.account_id AND lot_id = NEW.lot_id
        AND place = NEW.debit_place AND place_ref = NEW.debit_ref AND NEW.debit_place <> 'source';
    UPDATE inclusion_balance SET mg = mg - NEW.mg WHERE account_id = NEW.account_id AND place = NEW.debit_place AND NEW.debit_place <> 'source';
    UPDATE inclusion_total SET mg = mg - NEW.mg WHERE place = NEW.debit_place AND place_ref = NEW.debit_ref AND shard = NEW.shard
        AND NEW.debit_place NOT IN ('source', 'pending', 'held');
    INSERT INTO inclusion_lot_part (account_id, lot_id, place, place_ref, day, certifiable, mg)
        VALUES (NEW.account_id, NEW.lot_id, NEW.credit_place, NEW.credit_ref, NEW.lot_day, NEW.certifiable, NEW.mg)
        ON CONFLICT (account_id, lot_id, place, place_ref) DO UPDATE SET mg = inclusion_lot_part.mg + excluded.mg;
    INSERT INTO inclusion_balance (account_id, place, mg) VALUES (NEW.account_id, NEW.credit_place, NEW.mg)
        ON CONFLICT (account_id, place) DO UPDATE SET mg = inclusion_balance.mg + excluded.mg;
    INSERT INTO inclusion_total (place, place_ref, shard, mg)
        SELECT NEW.credit_place, NEW.credit_ref, NEW.shard, NEW.mg WHERE NEW.credit_place NOT IN ('pending', 'held')
        ON CONFLICT (place, place_ref, shard) DO UPDATE SET mg = inclusion_total.mg + excluded.mg;
END;
CREATE TRIGGER inclusion_transfer_never_updated BEFORE UPDATE ON inclusion_transfer
BEGIN SELECT RAISE(ABORT, 'inclusion_transfer_never_updated'); END;
CREATE TRIGGER inclusion_transfer_never_deleted BEFORE DELETE ON inclusion_transfer
BEGIN SELECT RAISE(ABORT, 'inclusion_transfer_never_deleted'); END;
CREATE TRIGGER inclusion_lot_part_never_deleted BEFORE DELETE ON inclusion_lot_part
BEGIN SELECT RAISE(ABORT, 'inclusion_lot_part_never_deleted'); END;
CREATE TRIGGER inclusion_lot_part_final_only_grows BEFORE UPDATE ON inclusion_lot_part
WHEN NEW.mg < OLD.mg AND OLD.place IN ('haircut', 'issued', 'unassigned', 'void', 'void_expired', 'void_closed')
BEGIN SELECT RAISE(ABORT, 'inclusion_lot_part_final_only_grows'); END;

CREATE TRIGGER inclusion_point_transfer_posts AFTER INSERT ON inclusion_point_transfer
BEGIN
    INSERT INTO inclusion_point_balance (account_id, unit, place, points) VALUES (NEW.account_id, NEW.unit, NEW.debit_place, 0)
        ON CONFLICT (account_id, unit, place) DO NOTHING;
    INSERT INTO inclusion_point_balance (account_id, unit, place, points) VALUES (NEW.account_id, NEW.unit, NEW.credit_place, 0)
        ON CONFLICT (account_id, unit, place) DO NOTHING;
    UPDATE inclusion_point_balance SET points = points + CASE place WHEN NEW.debit_place THEN -NEW.points ELSE NEW.points END
        WHERE account_id = NEW.account_id AND unit = NEW.unit AND place IN (NEW.debit_place, NEW.credit_place);
END;
CREATE TRIGGER inclusion_point_transfer_never_updated BEFORE UPDATE ON inclusion_point_transfer
BEGIN SELECT RAISE(ABORT, 'inclusion_point_transfer_never_updated'); END;
CREATE TRIGGER inclusion_point_transfer_never_deleted BEFORE DELETE ON inclusion_point_transfer
BEGIN SELECT RAISE(ABORT, 'inclusion_point_transfer_never_deleted'); END;

CREATE TRIGGER inclusion_activity_fixed BEFORE UPDATE ON inclusion_activity
WHEN NEW.account_id <> OLD.account_id OR NEW.id <> OLD.id OR NEW.scene <> OLD.scene OR NEW.fingerprint <> OLD.fingerprint
    OR NEW.evidence <> OLD.evidence OR NEW.day <> OLD.day OR NEW.mg <> OLD.mg OR NEW.input <> OLD.input
    OR NEW.certifiable <> OLD.certifiable OR NEW.consent_id <> OLD.consent_id
BEGIN SELECT RAISE(ABORT, 'inclusion_activity_fixed'); END;
CREATE TRIGGER inclusion_activity_void_is_final BEFORE UPDATE ON inclusion_activity
WHEN OLD.state = 'void' AND NEW.state <> 'void'
BEGIN SELECT RAISE(ABORT, 'inclusion_activity_void_is_final'); END;
CREATE TRIGGER inclusion_activity_never_deleted BEFORE DELETE ON inclusion_activity
BEGIN SELECT RAISE(ABORT, 'inclusion_activity_never_deleted'); END;
CREATE TRIGGER inclusion_fingerprint_never_deleted BEFORE DELETE ON inclusion_fingerprint
BEGIN SELECT RAISE(ABORT, 'inclusion_fingerprint_never_deleted'); END;
CREATE TRIGGER inclusion_consent_only_ends BEFORE UPDATE ON inclusion_consent
WHEN OLD.revoked_at IS NOT NULL OR NEW.revoked_at IS NULL OR NEW.id <> OLD.id OR NEW.account_id <> OLD.account_id
    OR NEW.purpose <> OLD.purpose OR NEW.provider_id <> OLD.provider_id OR NEW.scene <> OLD.scene OR NEW.text_hash <> OLD.text_hash
BEGIN SELECT RAISE(ABORT, 'inclusion_consent_only_ends'); END;
CREATE TRIGGER inclusion_consent_never_deleted BEFORE DELETE ON inclusion_consent
BEGIN SELECT RAISE(ABORT, 'inclusion_consent_never_deleted'); END;
CREATE TRIGGER inclusion_batch_is_final BEFORE UPDATE ON inclusion_batch
WHEN OLD.state IN ('issued', 'rejected') OR NEW.merkle_root <> OLD.merkle_root OR NEW.mg <> OLD.mg OR NEW.lots <> OLD.lots
BEGIN SELECT RAISE(ABORT, 'inclusion_batch_is_final'); END;
CREATE TRIGGER inclusion_batch_item_is_final BEFORE UPDATE ON inclusion_batch_item
WHEN OLD.line_start IS NOT NULL OR NEW.mg <> OLD.mg OR NEW.leaf <> OLD.leaf OR NEW.lot_id <> OLD.lot_id
BEGIN SELECT RAISE(ABORT, 'inclusion_batch_item_is_final'); END;
