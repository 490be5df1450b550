-- The rule book and its extensions are only added to (the same names as in migrations/sqlite).

CREATE TRIGGER rule_change_never_updated BEFORE UPDATE ON rule_change
    FOR EACH ROW EXECUTE FUNCTION refuse_change('rule_change_never_updated');
CREATE TRIGGER rule_change_never_deleted BEFORE DELETE ON rule_change
    FOR EACH ROW EXECUTE FUNCTION refuse_change('rule_change_never_deleted');
CREATE TRIGGER rule_change_never_truncated BEFORE TRUNCATE ON rule_change
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('rule_change_never_truncated');
CREATE TRIGGER rule_decision_never_updated BEFORE UPDATE ON rule_decision
    FOR EACH ROW EXECUTE FUNCTION refuse_change('rule_decision_never_updated');
CREATE TRIGGER rule_decision_never_deleted BEFORE DELETE ON rule_decision
    FOR EACH ROW EXECUTE FUNCTION refuse_change('rule_decision_never_deleted');
CREATE TRIGGER rule_decision_never_truncated BEFORE TRUNCATE ON rule_decision
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('rule_decision_never_truncated');
CREATE TRIGGER rule_version_never_updated BEFORE UPDATE ON rule_version
    FOR EACH ROW EXECUTE FUNCTION refuse_change('rule_version_never_updated');
CREATE TRIGGER rule_version_never_deleted BEFORE DELETE ON rule_version
    FOR EACH ROW EXECUTE FUNCTION refuse_change('rule_version_never_deleted');
CREATE TRIGGER rule_version_never_truncated BEFORE TRUNCATE ON rule_version
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('rule_version_never_truncated');
CREATE TRIGGER publicity_extension_never_updated BEFORE UPDATE ON publicity_extension
    FOR EACH ROW EXECUTE FUNCTION refuse_change('publicity_extension_never_updated');
CREATE TRIGGER publicity_extension_never_deleted BEFORE DELETE ON publicity_extension
    FOR EACH ROW EXECUTE FUNCTION refuse_change('publicity_extension_never_deleted');
CREATE TRIGGER publicity_extension_never_truncated BEFORE TRUNCATE ON publicity_extension
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('publicity_extension_never_truncated');
