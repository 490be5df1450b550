-- What PostgreSQL enforces by triggers for carbon inclusion; the names of the refusals are the same as on SQLite.

-- A person is a party of its own.
ALTER TABLE organisation DROP CONSTRAINT organisation_role;
ALTER TABLE organisation ADD CONSTRAINT organisation_role
    CHECK (role IN ('project_owner', 'vvb', 'registry_operator', 'event_organiser', 'individual'));

CREATE FUNCTION inclusion_refuse(name TEXT) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', name USING ERRCODE = 'check_violation', CONSTRAINT = name;
END $$;

CREATE FUNCTION inclusion_transfer_fit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.debit_place = 'source' THEN
        IF NOT EXISTS (SELECT 1 FROM inclusion_activity WHERE account_id = NEW.account_id AND id = NEW.lot_id
            AND mg = NEW.mg AND day = NEW.lot_day) THEN
            PERFORM inclusion_refuse('inclusion_transfer_begins_with_the_lot');
        END IF;
    ELSE
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
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER inclusion_transfer_fits BEFORE INSERT ON inclusion_transfer
    FOR EACH ROW EXECUTE FUNCTION inclusion_transfer_fit();

CREATE FUNCTION inclusion_transfer_post() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.debit_place <> 'source' THEN
        UPDATE inclusion_lot_part SET mg = mg - NEW.mg WHERE account_id = NEW.account_id AND lot_id = NEW.lot_id
            AND place = NEW.debit_place AND place_ref = NEW.debit_ref;
        UPDATE inclusion_balance SET mg = mg - NEW.mg WHERE account_id = NEW.account_id AND place = NEW.debit_place;
    END IF;
    IF NEW.debit_place NOT IN ('source', 'pending', 'held') THEN
        UPDATE inclusion_total SET mg = mg - NEW.mg WHERE place = NEW.debit_place AND place_ref = NEW.debit_ref AND shard = NEW.shard;
    END IF;
    INSERT INTO inclusion_lot_part (account_id, lot_id, place, place_ref, day, certifiable, mg)
        VALUES (NEW.account_id, NEW.lot_id, NEW.credit_place, NEW.credit_ref, NEW.lot_day, NEW.certifiable, NEW.mg)
        ON CONFLICT (account_id, lot_id, place, place_ref) DO UPDATE SET mg = inclusion_lot_part.mg + excluded.mg;
    INSERT INTO inclusion_balance (account_id, place, mg) VALUES (NEW.account_id, NEW.credit_place, NEW.mg)
        ON CONFLICT (account_id, place) DO UPDATE SET mg = inclusion_balance.mg + excluded.mg;
    IF NEW.credit_place NOT IN ('pending', 'held') THEN
        INSERT INTO inclusion_total (place, place_ref, shard, mg) VALUES (NEW.credit_place, NEW.credit_ref, NEW.shard, NEW.mg)
            ON CONFLICT (place, place_ref, shard) DO UPDATE SET mg = inclusion_total.mg + excluded.mg;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER inclusion_transfer_posts AFTER INSERT ON inclusion_transfer
    FOR EACH ROW EXECUTE FUNCTION inclusion_transfer_post();

CREATE FUNCTION inclusion_point_transfer_post() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO inclusion_point_balance (account_id, unit, place, points)
        VALUES (NEW.account_id, NEW.unit, NEW.debit_place, 0), (NEW.account_id, NEW.unit, NEW.credit_place, 0)
        ON CONFLICT (account_id, unit, place) DO NOTHING;
    UPDATE inclusion_point_balance SET points = points + CASE place WHEN NEW.debit_place THEN -NEW.points ELSE NEW.points END
        WHERE account_id = NEW.account_id AND unit = NEW.unit AND place IN (NEW.debit_place, NEW.credit_place);
    RETURN NULL;
END $$;
CREATE TRIGGER inclusion_point_transfer_posts AFTER INSERT ON inclusion_point_transfer
    FOR EACH ROW EXECUTE FUNCTION inclusion_point_transfer_post();

CREATE TRIGGER inclusion_transfer_never_updated BEFORE UPDATE ON inclusion_transfer
    FOR EACH ROW EXECUTE FUNCTION refuse_change('inclusion_transfer_never_updated');
CREATE TRIGGER inclusion_transfer_never_deleted BEFORE DELETE ON inclusion_transfer
    FOR EACH ROW EXECUTE FUNCTION refuse_change('inclusion_transfer_never_deleted');
CREATE TRIGGER inclusion_lot_part_never_deleted BEFORE DELETE ON inclusion_lot_part
    FOR EACH ROW EXECUTE FUNCTION refuse_change('inclusion_lot_part_never_deleted');
CREATE TRIGGER inclusion_lot_part_final_only_grows BEFORE UPDATE ON inclusion_lot_part
    FOR EACH ROW WHEN (NEW.mg < OLD.mg AND OLD.place IN ('haircut', 'issued', 'unassigned', 'void', 'void_expired', 'void_closed'))
    EXECUTE FUNCTION refuse_change('inclusion_lot_part_final_only_grows');
CREATE TRIGGER inclusion_point_transfer_never_updated BEFORE UPDATE ON inclusion_point_transfer
    FOR EACH ROW EXECUTE FUNCTION refuse_change('inclusion_point_transfer_never_updated');
CREATE TRIGGER inclusion_point_transfer_never_deleted BEFORE DELETE ON inclusion_point_transfer
    FOR EACH ROW EXECUTE FUNCTION refuse_change('inclusion_point_transfer_never_deleted');
CREATE TRIGGER inclusion_activity_fixed BEFORE UPDATE ON inclusion_activity
    FOR EACH ROW WHEN (NEW.account_id <> OLD.account_id OR NEW.id <> OLD.id OR NEW.scene <> OLD.scene OR NEW.fingerprint <> OLD.fingerprint
    OR NEW.evidence <> OLD.evidence OR NEW.day <> OLD.day OR NEW.mg <> OLD.mg OR NEW.input <> OLD.input
    OR NEW.certifiable <> OLD.certifiable OR NEW.consent_id <> OLD.consent_id)
    EXECUTE FUNCTION refuse_change('inclusion_activity_fixed');
CREATE TRIGGER inclusion_activity_void_is_final BEFORE UPDATE ON inclusion_activity
    FOR EACH ROW WHEN (OLD.state = 'void' AND NEW.state <> 'void')
    EXECUTE FUNCTION refuse_change('inclusion_activity_void_is_final');
CREATE TRIGGER inclusion_activity_never_deleted BEFORE DELETE ON inclusion_activity
    FOR EACH ROW EXECUTE FUNCTION refuse_change('inclusion_activity_never_deleted');
CREATE TRIGGER inclusion_fingerprint_never_deleted BEFORE DELETE ON inclusion_fingerprint
    FOR EACH ROW EXECUTE FUNCTION refuse_change('inclusion_fingerprint_never_deleted');
CREATE TRIGGER inclusion_consent_only_ends BEFORE UPDATE ON inclusion_consent
    FOR EACH ROW WHEN (OLD.revoked_at IS NOT NULL OR NEW.revoked_at IS NULL OR NEW.id <> OLD.id OR NEW.account_id <> OLD.account_id
    OR NEW.purpose <> OLD.purpose OR NEW.provider_id <> OLD.provider_id OR NEW.scene <> OLD.scene OR NEW.text_hash <> OLD.text_hash)
    EXECUTE FUNCTION refuse_change('inclusion_consent_only_ends');
CREATE TRIGGER inclusion_consent_never_deleted BEFORE DELETE ON inclusion_consent
    FOR EACH ROW EXECUTE FUNCTION refuse_change('inclusion_consent_never_deleted');
CREATE TRIGGER inclusion_batch_is_final BEFORE UPDATE ON inclusion_batch
    FOR EACH ROW WHEN (OLD.state IN ('issued', 'rejected') OR NEW.merkle_root <> OLD.merkle_root OR NEW.mg <> OLD.mg OR NEW.lots <> OLD.lots)
    EXECUTE FUNCTION refuse_change('inclusion_batch_is_final');
CREATE TRIGGER inclusion_batch_item_is_final BEFORE UPDATE ON inclusion_batch_item
    FOR EACH ROW WHEN (OLD.line_start IS NOT NULL OR NEW.mg <> OLD.mg OR NEW.leaf <> OLD.leaf OR NEW.lot_id <> OLD.lot_id)
    EXECUTE FUNCTION refuse_change('inclusion_batch_item_is_final');
CREATE TRIGGER inclusion_transfer_never_truncated BEFORE TRUNCATE ON inclusion_transfer
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('inclusion_transfer_never_truncated');
CREATE TRIGGER inclusion_point_transfer_never_truncated BEFORE TRUNCATE ON inclusion_point_transfer
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('inclusion_point_transfer_never_truncated');
CREATE TRIGGER inclusion_activity_never_truncated BEFORE TRUNCATE ON inclusion_activity
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('inclusion_activity_never_truncated');
CREATE TRIGGER inclusion_lot_part_never_truncated BEFORE TRUNCATE ON inclusion_lot_part
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('inclusion_lot_part_never_truncated');
CREATE TRIGGER inclusion_consent_never_truncated BEFORE TRUNCATE ON inclusion_consent
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('inclusion_consent_never_truncated');
CREATE TRIGGER inclusion_fingerprint_never_truncated BEFORE TRUNCATE ON inclusion_fingerprint
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('inclusion_fingerprint_never_truncated');
