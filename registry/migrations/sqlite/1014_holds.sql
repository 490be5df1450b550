-- Accounts and blocks of what is set aside. SQLite cannot change a CHECK, so both tables are made anew with the same rows; references to
-- them are checked at the commit, when every row is there again.
PRAGMA defer_foreign_keys = ON;

DROP TRIGGER ledger_transfer_posts;

CREATE TABLE ledger_account_before AS SELECT id, holder_id, class_id, kind, balance FROM ledger_account;
DROP TABLE ledger_account;
CREATE TABLE ledger_account (
    id          TEXT   NOT NULL CONSTRAINT ledger_account_id PRIMARY KEY,
    holder_id   TEXT   NOT NULL CONSTRAINT ledger_account_holder REFERENCES organisation (id),
    class_id    TEXT   NOT NULL CONSTRAINT ledger_account_class REFERENCES credit_class (id),
    kind        TEXT   NOT NULL CONSTRAINT ledger_account_kind CHECK (kind IN
        ('issuance', 'holding', 'trading', 'reserved', 'in_transfer', 'pending_offset', 'frozen', 'suspended', 'retired')),
    balance     BIGINT NOT NULL,
    CONSTRAINT ledger_account_once UNIQUE (holder_id, class_id, kind),
    -- what a transfer and a block must agree with
    CONSTRAINT ledger_account_identity UNIQUE (id, class_id, kind, holder_id),
    CONSTRAINT ledger_account_never_overdrawn CHECK (balance >= 0 OR kind = 'issuance'),
    CONSTRAINT ledger_account_issuance_only_gives CHECK (balance <= 0 OR kind <> 'issuance')
);
INSERT INTO ledger_account (id, holder_id, class_id, kind, balance) SELECT id, holder_id, class_id, kind, balance FROM ledger_account_before;
DROP TABLE ledger_account_before;
CREATE INDEX ledger_account_by_class ON ledger_account (class_id, kind);
CREATE INDEX ledger_account_by_kind ON ledger_account (kind, class_id);

CREATE TABLE serial_block_before AS
    SELECT class_id, serial_start, serial_end, previous_end, account_id, account_kind, transfer_id FROM serial_block;
DROP TABLE serial_block;
CREATE TABLE serial_block (
    class_id        TEXT   NOT NULL CONSTRAINT serial_block_class REFERENCES credit_class (id),
    serial_start    BIGINT NOT NULL,
    serial_end      BIGINT NOT NULL,
    previous_end    BIGINT,
    account_id      TEXT,
    account_kind    TEXT,
    -- the last transfer that moved it
    transfer_id     TEXT,
    CONSTRAINT serial_block_start PRIMARY KEY (class_id, serial_start),
    CONSTRAINT serial_block_end UNIQUE (class_id, serial_end),
    CONSTRAINT serial_block_follows FOREIGN KEY (class_id, previous_end)
        REFERENCES serial_block (class_id, serial_end) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT serial_block_shape CHECK (
        (serial_start = 0 AND serial_end = 0 AND previous_end IS NULL AND account_id IS NULL AND account_kind IS NULL)
        OR (serial_start >= 1 AND serial_end >= serial_start AND previous_end = serial_start - 1 AND account_id IS NOT NULL
            AND account_kind IN ('holding', 'trading', 'reserved', 'in_transfer', 'pending_offset', 'frozen', 'suspended', 'retired')
            AND account_kind IS NOT NULL AND previous_end IS NOT NULL))
);
INSERT INTO serial_block (class_id, serial_start, serial_end, previous_end, account_id, account_kind, transfer_id)
    SELECT class_id, serial_start, serial_end, previous_end, account_id, account_kind, transfer_id FROM serial_block_before;
DROP TABLE serial_block_before;
CREATE INDEX serial_block_by_account ON serial_block (account_id, serial_start);

-- What the two tables refused before, they refuse again (1001).
CREATE TRIGGER serial_block_never_replaced BEFORE INSERT ON serial_block
WHEN EXISTS (SELECT 1 FROM serial_block WHERE class_id = NEW.class_id AND serial_start = NEW.serial_start)
    OR EXISTS (SELECT 1 FROM serial_block WHERE class_id = NEW.class_id AND serial_end = NEW.serial_end)
BEGIN SELECT RAISE(ABORT, 'serial_block_overlaps'); END;
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

CREATE TRIGGER ledger_transfer_posts AFTER INSERT ON ledger_transfer
BEGIN
    SELECT RAISE(ABORT, 'ledger_transfer_moves_a_held_block')
    WHERE NEW.debit_kind <> 'issuance' AND NOT EXISTS (
        SELECT 1 FROM serial_block
        WHERE class_id = NEW.class_id AND serial_end = NEW.serial_end
            AND serial_start <= NEW.serial_start AND account_id = NEW.debit_account);
    -- into an account of what is set aside: by a hold of this kind and holder
    SELECT RAISE(ABORT, 'ledger_transfer_fits_its_hold')
    WHERE NEW.credit_kind IN ('reserved', 'in_transfer', 'pending_offset', 'frozen', 'suspended') AND NOT EXISTS (
        SELECT 1 FROM credit_hold
        WHERE id = NEW.hold_id AND account_kind = NEW.credit_kind AND holder_id = NEW.credit_holder AND act_id = NEW.act_id);
    -- out of one: only what this hold put there, whole, by the act that ends the hold
    SELECT RAISE(ABORT, 'ledger_transfer_leaves_its_hold')
    WHERE NEW.debit_kind IN ('reserved', 'in_transfer', 'pending_offset', 'frozen', 'suspended') AND (
        NOT EXISTS (SELECT 1 FROM credit_hold_end WHERE hold_id = NEW.hold_id AND act_id = NEW.act_id)
        OR NOT EXISTS (
            SELECT 1 FROM serial_block JOIN ledger_transfer entered ON entered.id = serial_block.transfer_id
            WHERE serial_block.class_id = NEW.class_id AND serial_block.serial_start = NEW.serial_start
                AND serial_block.serial_end = NEW.serial_end AND entered.hold_id = NEW.hold_id));
    UPDATE ledger_account SET balance = balance - NEW.amount WHERE id = NEW.debit_account;
    UPDATE ledger_account SET balance = balance + NEW.amount WHERE id = NEW.credit_account;
    UPDATE credit_class SET issued = issued + NEW.amount WHERE id = NEW.class_id AND NEW.debit_kind = 'issuance';
    UPDATE serial_block
    SET account_id = NEW.credit_account, account_kind = NEW.credit_kind, transfer_id = NEW.id
    WHERE class_id = NEW.class_id AND serial_end = NEW.serial_end
        AND serial_start = NEW.serial_start AND NEW.debit_kind <> 'issuance';
    UPDATE serial_block SET serial_end = NEW.serial_start - 1
    WHERE class_id = NEW.class_id AND serial_end = NEW.serial_end
        AND serial_start < NEW.serial_start AND NEW.debit_kind <> 'issuance';
    INSERT INTO serial_block (class_id, serial_start, serial_end, previous_end, account_id, account_kind, transfer_id)
    SELECT NEW.class_id, NEW.serial_start, NEW.serial_end, NEW.serial_start - 1, NEW.credit_account, NEW.credit_kind, NEW.id
    WHERE NEW.debit_kind = 'issuance' OR NOT EXISTS (
        SELECT 1 FROM serial_block WHERE class_id = NEW.class_id AND serial_end = NEW.serial_end);
END;

CREATE TRIGGER credit_hold_never_updated BEFORE UPDATE ON credit_hold
BEGIN SELECT RAISE(ABORT, 'credit_hold_never_updated'); END;
CREATE TRIGGER credit_hold_never_deleted BEFORE DELETE ON credit_hold
BEGIN SELECT RAISE(ABORT, 'credit_hold_never_deleted'); END;
CREATE TRIGGER credit_hold_never_replaced BEFORE INSERT ON credit_hold
WHEN EXISTS (SELECT 1 FROM credit_hold WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'credit_hold_never_replaced'); END;
CREATE TRIGGER credit_hold_end_never_updated BEFORE UPDATE ON credit_hold_end
BEGIN SELECT RAISE(ABORT, 'credit_hold_end_never_updated'); END;
CREATE TRIGGER credit_hold_end_never_deleted BEFORE DELETE ON credit_hold_end
BEGIN SELECT RAISE(ABORT, 'credit_hold_end_never_deleted'); END;
CREATE TRIGGER credit_hold_end_never_replaced BEFORE INSERT ON credit_hold_end
WHEN EXISTS (SELECT 1 FROM credit_hold_end WHERE hold_id = NEW.hold_id)
BEGIN SELECT RAISE(ABORT, 'credit_hold_end_once'); END;
CREATE TRIGGER credit_document_never_updated BEFORE UPDATE ON credit_document
BEGIN SELECT RAISE(ABORT, 'credit_document_never_updated'); END;
CREATE TRIGGER credit_document_never_deleted BEFORE DELETE ON credit_document
BEGIN SELECT RAISE(ABORT, 'credit_document_never_deleted'); END;
