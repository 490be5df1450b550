-- What SQLite refuses by triggers: changing what is final, and ledger rows that do not fit. The names of the refusals are the
-- same as on PostgreSQL (migrations/postgres).

CREATE TRIGGER act_never_updated BEFORE UPDATE ON act
BEGIN SELECT RAISE(ABORT, 'act_never_updated'); END;
CREATE TRIGGER act_never_deleted BEFORE DELETE ON act
BEGIN SELECT RAISE(ABORT, 'act_never_deleted'); END;
CREATE TRIGGER ledger_transfer_never_updated BEFORE UPDATE ON ledger_transfer
BEGIN SELECT RAISE(ABORT, 'ledger_transfer_never_updated'); END;
CREATE TRIGGER ledger_transfer_never_deleted BEFORE DELETE ON ledger_transfer
BEGIN SELECT RAISE(ABORT, 'ledger_transfer_never_deleted'); END;
CREATE TRIGGER retirement_never_updated BEFORE UPDATE ON retirement
BEGIN SELECT RAISE(ABORT, 'retirement_never_updated'); END;
CREATE TRIGGER retirement_never_deleted BEFORE DELETE ON retirement
BEGIN SELECT RAISE(ABORT, 'retirement_never_deleted'); END;
CREATE TRIGGER calculation_never_updated BEFORE UPDATE ON calculation
BEGIN SELECT RAISE(ABORT, 'calculation_never_updated'); END;
CREATE TRIGGER calculation_never_deleted BEFORE DELETE ON calculation
BEGIN SELECT RAISE(ABORT, 'calculation_never_deleted'); END;
CREATE TRIGGER assessment_never_updated BEFORE UPDATE ON assessment
BEGIN SELECT RAISE(ABORT, 'assessment_never_updated'); END;
CREATE TRIGGER assessment_never_deleted BEFORE DELETE ON assessment
BEGIN SELECT RAISE(ABORT, 'assessment_never_deleted'); END;

-- INSERT OR REPLACE would delete a row without its delete trigger; these see it first.
CREATE TRIGGER act_never_replaced BEFORE INSERT ON act
WHEN EXISTS (SELECT 1 FROM act WHERE id = NEW.id)
    OR EXISTS (SELECT 1 FROM act WHERE scope = NEW.scope AND key = NEW.key)
    OR EXISTS (SELECT 1 FROM act WHERE subject = NEW.subject AND sequence = NEW.sequence)
BEGIN SELECT RAISE(ABORT, 'act_never_replaced'); END;
CREATE TRIGGER ledger_transfer_never_replaced BEFORE INSERT ON ledger_transfer
WHEN EXISTS (SELECT 1 FROM ledger_transfer WHERE id = NEW.id)
    OR EXISTS (SELECT 1 FROM ledger_transfer WHERE act_id = NEW.act_id AND position = NEW.position)
BEGIN SELECT RAISE(ABORT, 'ledger_transfer_once'); END;
CREATE TRIGGER retirement_never_replaced BEFORE INSERT ON retirement
WHEN EXISTS (SELECT 1 FROM retirement WHERE id = NEW.id OR number = NEW.number OR act_id = NEW.act_id)
BEGIN SELECT RAISE(ABORT, 'retirement_never_replaced'); END;
CREATE TRIGGER serial_block_never_replaced BEFORE INSERT ON serial_block
WHEN EXISTS (SELECT 1 FROM serial_block WHERE class_id = NEW.class_id AND serial_start = NEW.serial_start)
    OR EXISTS (SELECT 1 FROM serial_block WHERE class_id = NEW.class_id AND serial_end = NEW.serial_end)
BEGIN SELECT RAISE(ABORT, 'serial_block_overlaps'); END;

-- A transfer moves both balances (their CHECK refuses an overdraft) and its block: the whole of a block of the debit account, or the
-- tail of one. An issue adds a block after the last one.
CREATE TRIGGER ledger_transfer_posts AFTER INSERT ON ledger_transfer
BEGIN
    SELECT RAISE(ABORT, 'ledger_transfer_moves_a_held_block')
    WHERE NEW.debit_kind = 'holding' AND NOT EXISTS (
        SELECT 1 FROM serial_block
        WHERE class_id = NEW.class_id AND serial_end = NEW.serial_end
            AND serial_start <= NEW.serial_start AND account_id = NEW.debit_account);
    UPDATE ledger_account SET balance = balance - NEW.amount WHERE id = NEW.debit_account;
    UPDATE ledger_account SET balance = balance + NEW.amount WHERE id = NEW.credit_account;
    UPDATE credit_class SET issued = issued + NEW.amount WHERE id = NEW.class_id AND NEW.debit_kind = 'issuance';
    UPDATE serial_block
    SET account_id = NEW.credit_account, account_kind = NEW.credit_kind, transfer_id = NEW.id
    WHERE class_id = NEW.class_id AND serial_end = NEW.serial_end
        AND serial_start = NEW.serial_start AND NEW.debit_kind = 'holding';
    UPDATE serial_block SET serial_end = NEW.serial_start - 1
    WHERE class_id = NEW.class_id AND serial_end = NEW.serial_end
        AND serial_start < NEW.serial_start AND NEW.debit_kind = 'holding';
    INSERT INTO serial_block (class_id, serial_start, serial_end, previous_end, account_id, account_kind, transfer_id)
    SELECT NEW.class_id, NEW.serial_start, NEW.serial_end, NEW.serial_start - 1, NEW.credit_account, NEW.credit_kind, NEW.id
    WHERE NEW.debit_kind = 'issuance' OR NOT EXISTS (
        SELECT 1 FROM serial_block WHERE class_id = NEW.class_id AND serial_end = NEW.serial_end);
END;

CREATE TRIGGER serial_block_within_issued BEFORE INSERT ON serial_block
WHEN NEW.serial_end > (SELECT issued FROM credit_class WHERE id = NEW.class_id)
BEGIN SELECT RAISE(ABORT, 'serial_block_within_issued'); END;
CREATE TRIGGER serial_block_account_of_its_class BEFORE INSERT ON serial_block
WHEN NEW.account_id IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM ledger_account WHERE id = NEW.account_id AND class_id = NEW.class_id AND kind = NEW.account_kind)
BEGIN SELECT RAISE(ABORT, 'serial_block_account_of_its_class'); END;
CREATE TRIGGER serial_block_stays_of_its_class BEFORE UPDATE ON serial_block
WHEN NEW.account_id IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM ledger_account WHERE id = NEW.account_id AND class_id = NEW.class_id AND kind = NEW.account_kind)
BEGIN SELECT RAISE(ABORT, 'serial_block_account_of_its_class'); END;
CREATE TRIGGER serial_block_retired_is_final BEFORE UPDATE ON serial_block
WHEN OLD.account_kind = 'retired'
BEGIN SELECT RAISE(ABORT, 'serial_block_retired_is_final'); END;
CREATE TRIGGER serial_block_only_shrinks BEFORE UPDATE ON serial_block
WHEN NEW.class_id <> OLD.class_id OR NEW.serial_start <> OLD.serial_start OR NEW.serial_end > OLD.serial_end
BEGIN SELECT RAISE(ABORT, 'serial_block_only_shrinks'); END;
CREATE TRIGGER serial_block_never_deleted BEFORE DELETE ON serial_block
BEGIN SELECT RAISE(ABORT, 'serial_block_never_deleted'); END;

CREATE TRIGGER ledger_account_identity_fixed BEFORE UPDATE ON ledger_account
WHEN NEW.id <> OLD.id OR NEW.holder_id <> OLD.holder_id OR NEW.class_id <> OLD.class_id OR NEW.kind <> OLD.kind
BEGIN SELECT RAISE(ABORT, 'ledger_account_identity_fixed'); END;
CREATE TRIGGER ledger_account_retired_only_grows BEFORE UPDATE ON ledger_account
WHEN OLD.kind = 'retired' AND NEW.balance < OLD.balance
BEGIN SELECT RAISE(ABORT, 'ledger_account_retired_only_grows'); END;
CREATE TRIGGER ledger_account_begins_empty BEFORE INSERT ON ledger_account
WHEN NEW.balance <> 0
BEGIN SELECT RAISE(ABORT, 'ledger_account_begins_empty'); END;
CREATE TRIGGER ledger_account_never_deleted BEFORE DELETE ON ledger_account
BEGIN SELECT RAISE(ABORT, 'ledger_account_never_deleted'); END;
CREATE TRIGGER credit_class_identity_fixed BEFORE UPDATE ON credit_class
WHEN NEW.id <> OLD.id OR NEW.project_id <> OLD.project_id OR NEW.project_code <> OLD.project_code
    OR NEW.vintage <> OLD.vintage OR NEW.issued < OLD.issued
BEGIN SELECT RAISE(ABORT, 'credit_class_identity_fixed'); END;
CREATE TRIGGER credit_class_never_deleted BEFORE DELETE ON credit_class
BEGIN SELECT RAISE(ABORT, 'credit_class_never_deleted'); END;
