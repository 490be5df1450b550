-- The log is only added to (the same names as in migrations/postgres). The one change of an entry is that it gets its number.

CREATE TRIGGER log_node_never_updated BEFORE UPDATE ON log_node
BEGIN SELECT RAISE(ABORT, 'log_node_never_updated'); END;
CREATE TRIGGER log_node_never_deleted BEFORE DELETE ON log_node
BEGIN SELECT RAISE(ABORT, 'log_node_never_deleted'); END;
CREATE TRIGGER log_node_never_replaced BEFORE INSERT ON log_node
WHEN EXISTS (SELECT 1 FROM log_node WHERE place = NEW.place)
BEGIN SELECT RAISE(ABORT, 'log_node_never_replaced'); END;
CREATE TRIGGER log_key_never_updated BEFORE UPDATE ON log_key
BEGIN SELECT RAISE(ABORT, 'log_key_never_updated'); END;
CREATE TRIGGER log_key_never_deleted BEFORE DELETE ON log_key
BEGIN SELECT RAISE(ABORT, 'log_key_never_deleted'); END;
CREATE TRIGGER log_key_never_replaced BEFORE INSERT ON log_key
WHEN EXISTS (SELECT 1 FROM log_key WHERE key = NEW.key)
BEGIN SELECT RAISE(ABORT, 'log_key_never_replaced'); END;
CREATE TRIGGER log_head_never_updated BEFORE UPDATE ON log_head
BEGIN SELECT RAISE(ABORT, 'log_head_never_updated'); END;
CREATE TRIGGER log_head_never_deleted BEFORE DELETE ON log_head
BEGIN SELECT RAISE(ABORT, 'log_head_never_deleted'); END;
CREATE TRIGGER log_head_never_replaced BEFORE INSERT ON log_head
WHEN EXISTS (SELECT 1 FROM log_head WHERE size = NEW.size)
BEGIN SELECT RAISE(ABORT, 'log_head_never_replaced'); END;
CREATE TRIGGER audit_run_never_updated BEFORE UPDATE ON audit_run
BEGIN SELECT RAISE(ABORT, 'audit_run_never_updated'); END;
CREATE TRIGGER audit_run_never_deleted BEFORE DELETE ON audit_run
BEGIN SELECT RAISE(ABORT, 'audit_run_never_deleted'); END;
CREATE TRIGGER audit_run_never_replaced BEFORE INSERT ON audit_run
WHEN EXISTS (SELECT 1 FROM audit_run WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'audit_run_never_replaced'); END;
CREATE TRIGGER log_entry_only_numbered BEFORE UPDATE ON log_entry
WHEN OLD.number IS NOT NULL OR NEW.number IS NULL OR NEW.act_id <> OLD.act_id OR NEW.position <> OLD.position
    OR NEW.leaf <> OLD.leaf OR NEW.certificate IS NOT OLD.certificate OR NEW.statement IS NOT OLD.statement
BEGIN SELECT RAISE(ABORT, 'log_entry_only_numbered'); END;
CREATE TRIGGER log_entry_never_deleted BEFORE DELETE ON log_entry
BEGIN SELECT RAISE(ABORT, 'log_entry_never_deleted'); END;
CREATE TRIGGER log_entry_never_replaced BEFORE INSERT ON log_entry
WHEN EXISTS (SELECT 1 FROM log_entry WHERE act_id = NEW.act_id AND position = NEW.position)
BEGIN SELECT RAISE(ABORT, 'log_entry_never_replaced'); END;
CREATE TRIGGER log_sequencer_never_deleted BEFORE DELETE ON log_sequencer
BEGIN SELECT RAISE(ABORT, 'log_sequencer_never_deleted'); END;
