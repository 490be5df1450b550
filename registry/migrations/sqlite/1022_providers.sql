-- What SQLite enforces by triggers for 0022; the names of the refusals are the same as on PostgreSQL.
CREATE TRIGGER inclusion_decision_never_updated BEFORE UPDATE ON inclusion_decision
BEGIN SELECT RAISE(ABORT, 'inclusion_decision_never_updated'); END;
CREATE TRIGGER inclusion_decision_never_deleted BEFORE DELETE ON inclusion_decision
BEGIN SELECT RAISE(ABORT, 'inclusion_decision_never_deleted'); END;
CREATE TRIGGER inclusion_appeal_decided_once BEFORE UPDATE ON inclusion_appeal
WHEN OLD.state <> 'open' OR NEW.account_id <> OLD.account_id OR NEW.activity_id <> OLD.activity_id OR NEW.text <> OLD.text
BEGIN SELECT RAISE(ABORT, 'inclusion_appeal_decided_once'); END;
CREATE TRIGGER inclusion_appeal_never_deleted BEFORE DELETE ON inclusion_appeal
BEGIN SELECT RAISE(ABORT, 'inclusion_appeal_never_deleted'); END;
CREATE TRIGGER inclusion_cost_never_updated BEFORE UPDATE ON inclusion_cost
BEGIN SELECT RAISE(ABORT, 'inclusion_cost_never_updated'); END;
CREATE TRIGGER inclusion_cost_never_deleted BEFORE DELETE ON inclusion_cost
BEGIN SELECT RAISE(ABORT, 'inclusion_cost_never_deleted'); END;
