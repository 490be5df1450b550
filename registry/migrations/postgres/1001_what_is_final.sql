-- What PostgreSQL refuses by triggers: changing what is final, and ledger rows that do not fit. The names of the refusals are the
-- same as on SQLite (migrations/sqlite).

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'check_violation', CONSTRAINT = TG_ARGV[0];
END $$;

CREATE TRIGGER act_never_updated BEFORE UPDATE ON act
    FOR EACH ROW EXECUTE FUNCTION refuse_change('act_never_updated');
CREATE TRIGGER act_never_deleted BEFORE DELETE ON act
    FOR EACH ROW EXECUTE FUNCTION refuse_change('act_never_deleted');
CREATE TRIGGER act_never_truncated BEFORE TRUNCATE ON act
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('act_never_truncated');
CREATE TRIGGER ledger_transfer_never_updated BEFORE UPDATE ON ledger_transfer
    FOR EACH ROW EXECUTE FUNCTION refuse_change('ledger_transfer_never_updated');
CREATE TRIGGER ledger_transfer_never_deleted BEFORE DELETE ON ledger_transfer
    FOR EACH ROW EXECUTE FUNCTION refuse_change('ledger_transfer_never_deleted');
CREATE TRIGGER ledger_transfer_never_truncated BEFORE TRUNCATE ON ledger_transfer
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('ledger_transfer_never_truncated');
CREATE TRIGGER retirement_never_updated BEFORE UPDATE ON retirement
    FOR EACH ROW EXECUTE FUNCTION refuse_change('retirement_never_updated');
CREATE TRIGGER retirement_never_deleted BEFORE DELETE ON retirement
    FOR EACH ROW EXECUTE FUNCTION refuse_change('retirement_never_deleted');
CREATE TRIGGER retirement_never_truncated BEFORE TRUNCATE ON retirement
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('retirement_never_truncated');
CREATE TRIGGER calculation_never_updated BEFORE UPDATE ON calculation
    FOR EACH ROW EXECUTE FUNCTION refuse_change('calculation_never_updated');
CREATE TRIGGER calculation_never_deleted BEFORE DELETE ON calculation
    FOR EACH ROW EXECUTE FUNCTION refuse_change('calculation_never_deleted');
CREATE TRIGGER calculation_never_truncated BEFORE TRUNCATE ON calculation
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('calculation_never_truncated');
CREATE TRIGGER assessment_never_updated BEFORE UPDATE ON assessment
    FOR EACH ROW EXECUTE FUNCTION refuse_change('assessment_never_updated');
CREATE TRIGGER assessment_never_deleted BEFORE DELETE ON assessment
    FOR EACH ROW EXECUTE FUNCTION refuse_change('assessment_never_deleted');
CREATE TRIGGER assessment_never_truncated BEFORE TRUNCATE ON assessment
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('assessment_never_truncated');

-- A transfer moves both balances (their CHECK refuses an overdraft) and its block: the whole of a block of the debit account, or the
-- tail of one. An issue adds a block after the last one.
CREATE FUNCTION ledger_transfer_post() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    held_start BIGINT;
BEGIN
    IF NEW.debit_kind = 'holding' THEN
        SELECT serial_start INTO held_start FROM serial_block
        WHERE class_id = NEW.class_id AND serial_end = NEW.serial_end
            AND serial_start <= NEW.serial_start AND account_id = NEW.debit_account;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'ledger_transfer_moves_a_held_block'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_transfer_moves_a_held_block';
        END IF;
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
CREATE TRIGGER ledger_transfer_posts AFTER INSERT ON ledger_transfer
    FOR EACH ROW EXECUTE FUNCTION ledger_transfer_post();

CREATE FUNCTION serial_block_check() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    refused TEXT;
BEGIN
    IF TG_OP = 'INSERT' AND NEW.serial_end > (SELECT issued FROM credit_class WHERE id = NEW.class_id) THEN
        refused := 'serial_block_within_issued';
    ELSIF TG_OP = 'UPDATE' AND OLD.account_kind = 'retired' THEN
        refused := 'serial_block_retired_is_final';
    ELSIF TG_OP = 'UPDATE' AND (NEW.class_id <> OLD.class_id OR NEW.serial_start <> OLD.serial_start OR NEW.serial_end > OLD.serial_end) THEN
        refused := 'serial_block_only_shrinks';
    ELSIF NEW.account_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM ledger_account WHERE id = NEW.account_id AND class_id = NEW.class_id AND kind = NEW.account_kind) THEN
        refused := 'serial_block_account_of_its_class';
    END IF;
    IF refused IS NOT NULL THEN
        RAISE EXCEPTION '%', refused USING ERRCODE = 'check_violation', CONSTRAINT = refused;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER serial_block_checked BEFORE INSERT OR UPDATE ON serial_block
    FOR EACH ROW EXECUTE FUNCTION serial_block_check();
CREATE TRIGGER serial_block_never_deleted BEFORE DELETE ON serial_block
    FOR EACH ROW EXECUTE FUNCTION refuse_change('serial_block_never_deleted');

CREATE TRIGGER ledger_account_identity_fixed BEFORE UPDATE ON ledger_account
    FOR EACH ROW WHEN (NEW.id <> OLD.id OR NEW.holder_id <> OLD.holder_id OR NEW.class_id <> OLD.class_id OR NEW.kind <> OLD.kind)
    EXECUTE FUNCTION refuse_change('ledger_account_identity_fixed');
CREATE TRIGGER ledger_account_retired_only_grows BEFORE UPDATE ON ledger_account
    FOR EACH ROW WHEN (OLD.kind = 'retired' AND NEW.balance < OLD.balance)
    EXECUTE FUNCTION refuse_change('ledger_account_retired_only_grows');
CREATE TRIGGER ledger_account_begins_empty BEFORE INSERT ON ledger_account
    FOR EACH ROW WHEN (NEW.balance <> 0) EXECUTE FUNCTION refuse_change('ledger_account_begins_empty');
CREATE TRIGGER ledger_account_never_deleted BEFORE DELETE ON ledger_account
    FOR EACH ROW EXECUTE FUNCTION refuse_change('ledger_account_never_deleted');
CREATE TRIGGER credit_class_identity_fixed BEFORE UPDATE ON credit_class
    FOR EACH ROW WHEN (NEW.id <> OLD.id OR NEW.project_id <> OLD.project_id OR NEW.project_code <> OLD.project_code
        OR NEW.vintage <> OLD.vintage OR NEW.issued < OLD.issued)
    EXECUTE FUNCTION refuse_change('credit_class_identity_fixed');
CREATE TRIGGER credit_class_never_deleted BEFORE DELETE ON credit_class
    FOR EACH ROW EXECUTE FUNCTION refuse_change('credit_class_never_deleted');
