-- Parameter sets are only added to (the same names as in migrations/postgres).

CREATE TRIGGER parameter_change_never_updated BEFORE UPDATE ON parameter_change
BEGIN SELECT RAISE(ABORT, 'parameter_change_never_updated'); END;
CREATE TRIGGER parameter_change_never_deleted BEFORE DELETE ON parameter_change
BEGIN SELECT RAISE(ABORT, 'parameter_change_never_deleted'); END;
CREATE TRIGGER parameter_change_never_replaced BEFORE INSERT ON parameter_change
WHEN EXISTS (SELECT 1 FROM parameter_change WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'parameter_change_never_replaced'); END;
CREATE TRIGGER parameter_decision_never_updated BEFORE UPDATE ON parameter_decision
BEGIN SELECT RAISE(ABORT, 'parameter_decision_never_updated'); END;
CREATE TRIGGER parameter_decision_never_deleted BEFORE DELETE ON parameter_decision
BEGIN SELECT RAISE(ABORT, 'parameter_decision_never_deleted'); END;
CREATE TRIGGER parameter_decision_never_replaced BEFORE INSERT ON parameter_decision
WHEN EXISTS (SELECT 1 FROM parameter_decision WHERE change_id = NEW.change_id)
BEGIN SELECT RAISE(ABORT, 'parameter_decision_never_replaced'); END;
CREATE TRIGGER parameter_set_never_updated BEFORE UPDATE ON parameter_set
BEGIN SELECT RAISE(ABORT, 'parameter_set_never_updated'); END;
CREATE TRIGGER parameter_set_never_deleted BEFORE DELETE ON parameter_set
BEGIN SELECT RAISE(ABORT, 'parameter_set_never_deleted'); END;
CREATE TRIGGER parameter_set_never_replaced BEFORE INSERT ON parameter_set
WHEN EXISTS (SELECT 1 FROM parameter_set WHERE number = NEW.number)
BEGIN SELECT RAISE(ABORT, 'parameter_set_never_replaced'); END;
