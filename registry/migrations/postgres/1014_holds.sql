-- Accounts and blocks of what is set aside (the same names as in migrations/sqlite).

ALTER TABLE ledger_account DROP CONSTRAINT ledger_account_kind;
ALTER TABLE ledger_account ADD CONSTRAINT ledger_account_kind CHECK (kind IN
    ('issuance', 'holding', 'trading', 'reserved', 'in_transfer', 'pending_offset', 'frozen', 'suspended', 'retired'));
ALTER TABLE serial_block DROP CONSTRAINT serial_block_shape;
ALTER TABLE serial_block ADD CONSTRAINT serial_block_shape CHECK (
    (serial_start = 0 AND serial_end = 0 AND previous_end IS NULL AND account_id IS NULL AND account_kind IS NULL)
    OR (serial_start >= 1 AND serial_end >= serial_start AND previous_end = serial_start - 1 AND account_id IS NOT NULL
        AND account_kind IN ('holding', 'trading', 'reserved', 'in_transfer', 'pending_offset', 'frozen', 'suspended', 'retired')
        AND account_kind IS NOT NULL AND previous_end IS NOT NULL));

CREATE OR REPLACE FUNCTION ledger_transfer_post() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    held_start BIGINT;
    held_by TEXT;
    refused TEXT;
BEGIN
    IF NEW.debit_kind <> 'issuance' THEN
        SELECT serial_start, transfer_id INTO held_start, held_by FROM serial_block
        WHERE class_id = NEW.class_id AND serial_end = NEW.serial_end
            AND serial_start <= NEW.serial_start AND account_id = NEW.debit_account;
        IF NOT FOUND THEN
            refused := 'ledger_transfer_moves_a_held_block';
        END IF;
    END IF;
    -- into an account of what is set aside: by a hold of this kind and holder
    IF refused IS NULL AND NEW.credit_kind IN ('reserved', 'in_transfer', 'pending_offset', 'frozen', 'suspended') AND NOT EXISTS (
        SELECT 1 FROM credit_hold
        WHERE id = NEW.hold_id AND account_kind = NEW.credit_kind AND holder_id = NEW.credit_holder AND act_id = NEW.act_id) THEN
        refused := 'ledger_transfer_fits_its_hold';
    END IF;
    -- out of one: only what this hold put there, whole, by the act that ends the hold
    IF refused IS NULL AND NEW.debit_kind IN ('reserved', 'in_transfer', 'pending_offset', 'frozen', 'suspended') AND (
        held_start <> NEW.serial_start
        OR NOT EXISTS (SELECT 1 FROM credit_hold_end WHERE hold_id = NEW.hold_id AND act_id = NEW.act_id)
        OR NOT EXISTS (SELECT 1 FROM ledger_transfer WHERE id = held_by AND hold_id = NEW.hold_id)) THEN
        refused := 'ledger_transfer_leaves_its_hold';
    END IF;
    IF refused IS NOT NULL THEN
        RAISE EXCEPTION '%', refused USING ERRCODE = 'check_violation', CONSTRAINT = refused;
    END IF;
    -- always in the order of the ids, so that two transfers cannot wait for each other
    UPDATE ledger_account SET balance = balance + CASE WHEN id = NEW.debit_account THEN -NEW.amount ELSE NEW.amount END
    WHERE id = LEAST(NEW.debit_account, NEW.credit_account);
    UPDATE ledger_account SET balance = balance + CASE WHEN id = NEW.debit_account THEN -NEW.amount ELSE NEW.amount END
    WHERE id = GREATEST(NEW.debit_account, NEW.credit_account);
    IF NEW.debit_kind = 'issuance' THEN
        UPDATE credit_class SET issued = issued + NEW.amount WHERE id = NEW.class_id;
    ELSIF held_start = NEW.serial_start THEN
        UPDATE serial_block
        SET account_id = NEW.credit_account, account_kind = NEW.credit_kind, transfer_id = NEW.id
        WHERE class_id = NEW.class_id AND serial_start = held_start;
        RETURN NULL;
    ELSE
        UPDATE serial_block SET serial_end = NEW.serial_start - 1
        WHERE class_id = NEW.class_id AND serial_start = held_start;
    END IF;
    INSERT INTO serial_block (class_id, serial_start, serial_end, previous_end, account_id, account_kind, transfer_id)
    VALUES (NEW.class_id, NEW.serial_start, NEW.serial_end, NEW.serial_start - 1, NEW.credit_account, NEW.credit_kind, NEW.id);
    RETURN NULL;
END $$;

CREATE TRIGGER credit_hold_never_updated BEFORE UPDATE ON credit_hold
    FOR EACH ROW EXECUTE FUNCTION refuse_change('credit_hold_never_updated');
CREATE TRIGGER credit_hold_never_deleted BEFORE DELETE ON credit_hold
    FOR EACH ROW EXECUTE FUNCTION refuse_change('credit_hold_never_deleted');
CREATE TRIGGER credit_hold_never_truncated BEFORE TRUNCATE ON credit_hold
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('credit_hold_never_truncated');
CREATE TRIGGER credit_hold_end_never_updated BEFORE UPDATE ON credit_hold_end
    FOR EACH ROW EXECUTE FUNCTION refuse_change('credit_hold_end_never_updated');
CREATE TRIGGER credit_hold_end_never_deleted BEFORE DELETE ON credit_hold_end
    FOR EACH ROW EXECUTE FUNCTION refuse_change('credit_hold_end_never_deleted');
CREATE TRIGGER credit_hold_end_never_truncated BEFORE TRUNCATE ON credit_hold_end
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('credit_hold_end_never_truncated');
CREATE TRIGGER credit_document_never_updated BEFORE UPDATE ON credit_document
    FOR EACH ROW EXECUTE FUNCTION refuse_change('credit_document_never_updated');
CREATE TRIGGER credit_document_never_deleted BEFORE DELETE ON credit_document
    FOR EACH ROW EXECUTE FUNCTION refuse_change('credit_document_never_deleted');
CREATE TRIGGER credit_document_never_truncated BEFORE TRUNCATE ON credit_document
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('credit_document_never_truncated');
