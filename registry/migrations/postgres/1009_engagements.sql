-- What was said about a finding stays (the same names as in migrations/sqlite).

CREATE TRIGGER finding_step_never_updated BEFORE UPDATE ON finding_step
    FOR EACH ROW EXECUTE FUNCTION refuse_change('finding_step_never_updated');
CREATE TRIGGER finding_step_never_deleted BEFORE DELETE ON finding_step
    FOR EACH ROW EXECUTE FUNCTION refuse_change('finding_step_never_deleted');
CREATE TRIGGER finding_step_never_truncated BEFORE TRUNCATE ON finding_step
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('finding_step_never_truncated');
CREATE TRIGGER finding_never_deleted BEFORE DELETE ON finding
    FOR EACH ROW EXECUTE FUNCTION refuse_change('finding_never_deleted');
