-- The log is only added to (the same names as in migrations/sqlite). The one change of an entry is that it gets its number.

CREATE TRIGGER log_node_never_updated BEFORE UPDATE ON log_node
    FOR EACH ROW EXECUTE FUNCTION refuse_change('log_node_never_updated');
CREATE TRIGGER log_node_never_deleted BEFORE DELETE ON log_node
    FOR EACH ROW EXECUTE FUNCTION refuse_change('log_node_never_deleted');
CREATE TRIGGER log_node_never_truncated BEFORE TRUNCATE ON log_node
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('log_node_never_truncated');
CREATE TRIGGER log_key_never_updated BEFORE UPDATE ON log_key
    FOR EACH ROW EXECUTE FUNCTION refuse_change('log_key_never_updated');
CREATE TRIGGER log_key_never_deleted BEFORE DELETE ON log_key
    FOR EACH ROW EXECUTE FUNCTION refuse_change('log_key_never_deleted');
CREATE TRIGGER log_key_never_truncated BEFORE TRUNCATE ON log_key
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('log_key_never_truncated');
CREATE TRIGGER log_head_never_updated BEFORE UPDATE ON log_head
    FOR EACH ROW EXECUTE FUNCTION refuse_change('log_head_never_updated');
CREATE TRIGGER log_head_never_deleted BEFORE DELETE ON log_head
    FOR EACH ROW EXECUTE FUNCTION refuse_change('log_head_never_deleted');
CREATE TRIGGER log_head_never_truncated BEFORE TRUNCATE ON log_head
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('log_head_never_truncated');
CREATE TRIGGER audit_run_never_updated BEFORE UPDATE ON audit_run
    FOR EACH ROW EXECUTE FUNCTION refuse_change('audit_run_never_updated');
CREATE TRIGGER audit_run_never_deleted BEFORE DELETE ON audit_run
    FOR EACH ROW EXECUTE FUNCTION refuse_change('audit_run_never_deleted');
CREATE TRIGGER audit_run_never_truncated BEFORE TRUNCATE ON audit_run
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('audit_run_never_truncated');
CREATE TRIGGER log_entry_only_numbered BEFORE UPDATE ON log_entry
    FOR EACH ROW WHEN (OLD.number IS NOT NULL OR NEW.number IS NULL OR NEW.act_id <> OLD.act_id OR NEW.position <> OLD.position
        OR NEW.leaf <> OLD.leaf OR NEW.certificate IS DISTINCT FROM OLD.certificate OR NEW.statement IS DISTINCT FROM OLD.statement)
    EXECUTE FUNCTION refuse_change('log_entry_only_numbered');
CREATE TRIGGER log_entry_never_deleted BEFORE DELETE ON log_entry
    FOR EACH ROW EXECUTE FUNCTION refuse_change('log_entry_never_deleted');
CREATE TRIGGER log_entry_never_truncated BEFORE TRUNCATE ON log_entry
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('log_entry_never_truncated');
CREATE TRIGGER log_sequencer_never_deleted BEFORE DELETE ON log_sequencer
    FOR EACH ROW EXECUTE FUNCTION refuse_change('log_sequencer_never_deleted');
