-- What SQLite enforces by triggers for the person's side of carbon inclusion; the names of the refusals are the same as on PostgreSQL.

CREATE TRIGGER inclusion_activity_is_verified AFTER UPDATE OF state ON inclusion_activity WHEN NEW.certifiable = 1 AND NEW.mg > 0 AND NEW.state = 'settled' AND OLD.state <> 'settled'
BEGIN
    INSERT INTO inclusion_verified (account_id, period, scene, acts, mg, assigned_mg)
        SELECT NEW.account_id, p.period, p.scene, 1, NEW.mg, 0 FROM (
            SELECT NEW.day AS period, '' AS scene UNION ALL SELECT substr(NEW.day, 1, 7), '' UNION ALL SELECT substr(NEW.day, 1, 4), ''
            UNION ALL SELECT substr(NEW.day, 1, 4), NEW.scene UNION ALL SELECT 'all', NEW.scene) AS p WHERE 1 = 1
        ON CONFLICT (account_id, period, scene) DO UPDATE SET acts = inclusion_verified.acts + 1, mg = inclusion_verified.mg + excluded.mg;
END;
CREATE TRIGGER inclusion_activity_is_not_verified AFTER UPDATE OF state ON inclusion_activity WHEN NEW.certifiable = 1 AND NEW.mg > 0 AND NEW.state <> 'settled' AND OLD.state = 'settled'
BEGIN
    UPDATE inclusion_verified SET acts = acts - 1, mg = mg - NEW.mg WHERE account_id = NEW.account_id
        AND ((scene = '' AND period IN (NEW.day, substr(NEW.day, 1, 7), substr(NEW.day, 1, 4)))
            OR (scene = NEW.scene AND period IN (substr(NEW.day, 1, 4), 'all')));
END;
CREATE TRIGGER inclusion_transfer_assigns AFTER INSERT ON inclusion_transfer WHEN NEW.debit_place = 'held' AND NEW.credit_place IN ('pool', 'earmark')
BEGIN
    INSERT INTO inclusion_verified (account_id, period, scene, acts, mg, assigned_mg)
        VALUES (NEW.account_id, substr(NEW.lot_day, 1, 4), '', 0, 0, NEW.mg)
        ON CONFLICT (account_id, period, scene) DO UPDATE SET assigned_mg = inclusion_verified.assigned_mg + excluded.assigned_mg;
END;
CREATE TRIGGER inclusion_transfer_gives_back AFTER INSERT ON inclusion_transfer WHEN NEW.debit_place IN ('pool', 'earmark', 'batch') AND NEW.credit_place IN ('held', 'void')
BEGIN
    UPDATE inclusion_verified SET assigned_mg = assigned_mg - NEW.mg
        WHERE account_id = NEW.account_id AND period = substr(NEW.lot_day, 1, 4) AND scene = '';
END;
CREATE TRIGGER inclusion_verified_never_deleted BEFORE DELETE ON inclusion_verified
BEGIN SELECT RAISE(ABORT, 'inclusion_verified_never_deleted'); END;
CREATE TRIGGER inclusion_group_fixed BEFORE UPDATE ON inclusion_group
BEGIN SELECT RAISE(ABORT, 'inclusion_group_fixed'); END;
CREATE TRIGGER inclusion_group_never_deleted BEFORE DELETE ON inclusion_group
BEGIN SELECT RAISE(ABORT, 'inclusion_group_never_deleted'); END;
CREATE TRIGGER inclusion_group_member_only_leaves BEFORE UPDATE ON inclusion_group_member
WHEN OLD.left_at IS NOT NULL OR NEW.left_at IS NULL OR NEW.account_id <> OLD.account_id OR NEW.id <> OLD.id OR NEW.group_id <> OLD.group_id
    OR NEW.joined_at <> OLD.joined_at
BEGIN SELECT RAISE(ABORT, 'inclusion_group_member_only_leaves'); END;
CREATE TRIGGER inclusion_group_member_never_deleted BEFORE DELETE ON inclusion_group_member
BEGIN SELECT RAISE(ABORT, 'inclusion_group_member_never_deleted'); END;
CREATE TRIGGER inclusion_expiry_only_ends BEFORE UPDATE ON inclusion_expiry
WHEN OLD.expired_at IS NOT NULL OR NEW.expired_at IS NULL OR NEW.account_id <> OLD.account_id OR NEW.kind <> OLD.kind OR NEW.period <> OLD.period
    OR NEW.before_day <> OLD.before_day OR NEW.expires_on <> OLD.expires_on OR NEW.amount <> OLD.amount OR NEW.noticed_at <> OLD.noticed_at
BEGIN SELECT RAISE(ABORT, 'inclusion_expiry_only_ends'); END;
CREATE TRIGGER inclusion_expiry_never_deleted BEFORE DELETE ON inclusion_expiry
BEGIN SELECT RAISE(ABORT, 'inclusion_expiry_never_deleted'); END;
-- who is told has the days of notice: an expiry is not entered as done before its day
CREATE TRIGGER inclusion_expiry_not_before_its_day BEFORE UPDATE ON inclusion_expiry
WHEN NEW.expired_at IS NOT NULL AND date(NEW.expired_at + 28800, 'unixepoch') < NEW.expires_on
BEGIN SELECT RAISE(ABORT, 'inclusion_expiry_not_before_its_day'); END;
