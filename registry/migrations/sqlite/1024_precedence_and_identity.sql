-- What SQLite enforces by triggers for 0024; the names of the refusals are the same as on PostgreSQL.
CREATE TRIGGER inclusion_precedence_change_never_updated BEFORE UPDATE ON inclusion_precedence_change
BEGIN SELECT RAISE(ABORT, 'inclusion_precedence_change_never_updated'); END;
CREATE TRIGGER inclusion_precedence_change_never_deleted BEFORE DELETE ON inclusion_precedence_change
BEGIN SELECT RAISE(ABORT, 'inclusion_precedence_change_never_deleted'); END;
CREATE TRIGGER inclusion_precedence_decision_never_updated BEFORE UPDATE ON inclusion_precedence_decision
BEGIN SELECT RAISE(ABORT, 'inclusion_precedence_decision_never_updated'); END;
CREATE TRIGGER inclusion_precedence_decision_never_deleted BEFORE DELETE ON inclusion_precedence_decision
BEGIN SELECT RAISE(ABORT, 'inclusion_precedence_decision_never_deleted'); END;
-- a place that nobody but one operator gave is none
CREATE TRIGGER inclusion_provider_precedence_agreed BEFORE UPDATE ON inclusion_provider
WHEN NEW.precedence <> OLD.precedence AND NOT EXISTS (
    SELECT 1 FROM inclusion_precedence_change c JOIN inclusion_precedence_decision d ON d.change_id = c.id AND d.outcome = 'approved'
    WHERE c.provider_id = NEW.id AND c.precedence = NEW.precedence)
BEGIN SELECT RAISE(ABORT, 'inclusion_provider_precedence_agreed'); END;
CREATE TRIGGER inclusion_provider_precedence_begins_last BEFORE INSERT ON inclusion_provider WHEN NEW.precedence <> 5
BEGIN SELECT RAISE(ABORT, 'inclusion_provider_precedence_begins_last'); END;
CREATE TRIGGER inclusion_identity_only_ends BEFORE UPDATE ON inclusion_identity
WHEN (OLD.state IN ('refused', 'withdrawn') AND (NEW.state <> OLD.state OR NEW.note <> '')) OR (OLD.state = 'granted' AND NEW.state <> 'withdrawn') OR NEW.account_id <> OLD.account_id
    OR NEW.id <> OLD.id OR NEW.asked_at <> OLD.asked_at OR NEW.document_kind <> OLD.document_kind
    OR (NEW.document_digest IS NOT NULL AND NEW.document_digest <> OLD.document_digest)
BEGIN SELECT RAISE(ABORT, 'inclusion_identity_only_ends'); END;
CREATE TRIGGER inclusion_identity_never_deleted BEFORE DELETE ON inclusion_identity
BEGIN SELECT RAISE(ABORT, 'inclusion_identity_never_deleted'); END;
CREATE TRIGGER inclusion_account_real_name_was_granted BEFORE UPDATE ON inclusion_account
WHEN NEW.identity_level = 'real_name' AND OLD.identity_level <> 'real_name'
    AND NOT EXISTS (SELECT 1 FROM inclusion_identity WHERE account_id = NEW.id AND state = 'granted')
BEGIN SELECT RAISE(ABORT, 'inclusion_account_real_name_was_granted'); END;
CREATE TRIGGER inclusion_city_month_never_updated BEFORE UPDATE ON inclusion_city_month
BEGIN SELECT RAISE(ABORT, 'inclusion_city_month_never_updated'); END;
CREATE TRIGGER inclusion_city_month_never_deleted BEFORE DELETE ON inclusion_city_month
BEGIN SELECT RAISE(ABORT, 'inclusion_city_month_never_deleted'); END;
CREATE TRIGGER inclusion_city_cell_never_updated BEFORE UPDATE ON inclusion_city_cell
BEGIN SELECT RAISE(ABORT, 'inclusion_city_cell_never_updated'); END;
CREATE TRIGGER inclusion_city_cell_never_deleted BEFORE DELETE ON inclusion_city_cell
BEGIN SELECT RAISE(ABORT, 'inclusion_city_cell_never_deleted'); END;
CREATE TRIGGER inclusion_precedence_change_never_replaced BEFORE INSERT ON inclusion_precedence_change
WHEN EXISTS (SELECT 1 FROM inclusion_precedence_change WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'inclusion_precedence_change_never_replaced'); END;
CREATE TRIGGER inclusion_precedence_decision_never_replaced BEFORE INSERT ON inclusion_precedence_decision
WHEN EXISTS (SELECT 1 FROM inclusion_precedence_decision WHERE change_id = NEW.change_id)
BEGIN SELECT RAISE(ABORT, 'inclusion_precedence_decision_never_replaced'); END;
CREATE TRIGGER inclusion_identity_never_replaced BEFORE INSERT ON inclusion_identity
WHEN EXISTS (SELECT 1 FROM inclusion_identity WHERE account_id = NEW.account_id AND id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'inclusion_identity_never_replaced'); END;
CREATE TRIGGER inclusion_city_month_never_replaced BEFORE INSERT ON inclusion_city_month
WHEN EXISTS (SELECT 1 FROM inclusion_city_month WHERE month = NEW.month)
BEGIN SELECT RAISE(ABORT, 'inclusion_city_month_never_replaced'); END;
CREATE TRIGGER inclusion_city_cell_never_replaced BEFORE INSERT ON inclusion_city_cell
WHEN EXISTS (SELECT 1 FROM inclusion_city_cell WHERE month = NEW.month AND scene = NEW.scene AND region = NEW.region)
BEGIN SELECT RAISE(ABORT, 'inclusion_city_cell_never_replaced'); END;
