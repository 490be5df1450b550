-- Parameter sets are only added to (the same names as in migrations/sqlite).

CREATE TRIGGER parameter_change_never_updated BEFORE UPDATE ON parameter_change
    FOR EACH ROW EXECUTE FUNCTION refuse_change('parameter_change_never_updated');
CREATE TRIGGER parameter_change_never_deleted BEFORE DELETE ON parameter_change
    FOR EACH ROW EXECUTE FUNCTION refuse_change('parameter_change_never_deleted');
CREATE TRIGGER parameter_change_never_truncated BEFORE TRUNCATE ON parameter_change
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('parameter_change_never_truncated');
CREATE TRIGGER parameter_decision_never_updated BEFORE UPDATE ON parameter_decision
    FOR EACH ROW EXECUTE FUNCTION refuse_change('parameter_decision_never_updated');
CREATE TRIGGER parameter_decision_never_deleted BEFORE DELETE ON parameter_decision
    FOR EACH ROW EXECUTE FUNCTION refuse_change('parameter_decision_never_deleted');
CREATE TRIGGER parameter_decision_never_truncated BEFORE TRUNCATE ON parameter_decision
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('parameter_decision_never_truncated');
CREATE TRIGGER parameter_set_never_updated BEFORE UPDATE ON parameter_set
    FOR EACH ROW EXECUTE FUNCTION refuse_change('parameter_set_never_updated');
CREATE TRIGGER parameter_set_never_deleted BEFORE DELETE ON parameter_set
    FOR EACH ROW EXECUTE FUNCTION refuse_change('parameter_set_never_deleted');
CREATE TRIGGER parameter_set_never_truncated BEFORE TRUNCATE ON parameter_set
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('parameter_set_never_truncated');
