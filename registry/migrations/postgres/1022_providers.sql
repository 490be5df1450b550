-- What PostgreSQL enforces by triggers for 0022; the names of the refusals are the same as on SQLite.
CREATE TRIGGER inclusion_decision_never_updated BEFORE UPDATE ON inclusion_decision
    FOR EACH ROW EXECUTE FUNCTION refuse_change('inclusion_decision_never_updated');
CREATE TRIGGER inclusion_decision_never_deleted BEFORE DELETE ON inclusion_decision
    FOR EACH ROW EXECUTE FUNCTION refuse_change('inclusion_decision_never_deleted');
CREATE TRIGGER inclusion_appeal_decided_once BEFORE UPDATE ON inclusion_appeal
    FOR EACH ROW WHEN (OLD.state <> 'open' OR NEW.account_id <> OLD.account_id OR NEW.activity_id <> OLD.activity_id OR NEW.text <> OLD.text)
    EXECUTE FUNCTION refuse_change('inclusion_appeal_decided_once');
CREATE TRIGGER inclusion_appeal_never_deleted BEFORE DELETE ON inclusion_appeal
    FOR EACH ROW EXECUTE FUNCTION refuse_change('inclusion_appeal_never_deleted');
CREATE TRIGGER inclusion_cost_never_updated BEFORE UPDATE ON inclusion_cost
    FOR EACH ROW EXECUTE FUNCTION refuse_change('inclusion_cost_never_updated');
CREATE TRIGGER inclusion_cost_never_deleted BEFORE DELETE ON inclusion_cost
    FOR EACH ROW EXECUTE FUNCTION refuse_change('inclusion_cost_never_deleted');
