-- The rule book and its extensions are only added to (the same names as in migrations/postgres).

CREATE TRIGGER rule_change_never_updated BEFORE UPDATE ON rule_change
BEGIN SELECT RAISE(ABORT, 'rule_change_never_updated'); END;
CREATE TRIGGER rule_change_never_deleted BEFORE DELETE ON rule_change
BEGIN SELECT RAISE(ABORT, 'rule_change_never_deleted'); END;
CREATE TRIGGER rule_change_never_replaced BEFORE INSERT ON rule_change
WHEN EXISTS (SELECT 1 FROM rule_change WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'rule_change_never_replaced'); END;
CREATE TRIGGER rule_decision_never_updated BEFORE UPDATE ON rule_decision
BEGIN SELECT RAISE(ABORT, 'rule_decision_never_updated'); END;
CREATE TRIGGER rule_decision_never_deleted BEFORE DELETE ON rule_decision
BEGIN SELECT RAISE(ABORT, 'rule_decision_never_deleted'); END;
CREATE TRIGGER rule_decision_never_replaced BEFORE INSERT ON rule_decision
WHEN EXISTS (SELECT 1 FROM rule_decision WHERE change_id = NEW.change_id)
BEGIN SELECT RAISE(ABORT, 'rule_decision_never_replaced'); END;
CREATE TRIGGER rule_version_never_updated BEFORE UPDATE ON rule_version
BEGIN SELECT RAISE(ABORT, 'rule_version_never_updated'); END;
CREATE TRIGGER rule_version_never_deleted BEFORE DELETE ON rule_version
BEGIN SELECT RAISE(ABORT, 'rule_version_never_deleted'); END;
CREATE TRIGGER rule_version_never_replaced BEFORE INSERT ON rule_version
WHEN EXISTS (SELECT 1 FROM rule_version WHERE number = NEW.number)
BEGIN SELECT RAISE(ABORT, 'rule_version_never_replaced'); END;
CREATE TRIGGER publicity_extension_never_updated BEFORE UPDATE ON publicity_extension
BEGIN SELECT RAISE(ABORT, 'publicity_extension_never_updated'); END;
CREATE TRIGGER publicity_extension_never_deleted BEFORE DELETE ON publicity_extension
BEGIN SELECT RAISE(ABORT, 'publicity_extension_never_deleted'); END;
CREATE TRIGGER publicity_extension_never_replaced BEFORE INSERT ON publicity_extension
WHEN EXISTS (SELECT 1 FROM publicity_extension WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'publicity_extension_never_replaced'); END;
