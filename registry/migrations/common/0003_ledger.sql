-- The ledger (docs/decisions/0006). A transfer is one row: one debit account, one credit account, one amount, one run of serial numbers.
-- Inserting it moves both balances and the block, by triggers (migrations/sqlite, migrations/postgres): nothing else may write them.

-- A class of interchangeable credits: one project and one year of generation; unit 1 tCO2e.
CREATE TABLE credit_class (
    id              TEXT   NOT NULL CONSTRAINT credit_class_id PRIMARY KEY,
    project_id      TEXT   NOT NULL CONSTRAINT credit_class_project REFERENCES record (id),
    project_code    TEXT   NOT NULL,
    vintage         BIGINT NOT NULL,
    unit            TEXT   NOT NULL CONSTRAINT credit_class_unit CHECK (unit = 'tCO2e'),
    verified        BIGINT NOT NULL,
    issued          BIGINT NOT NULL CONSTRAINT credit_class_issued CHECK (issued >= 0),
    CONSTRAINT credit_class_once UNIQUE (project_id, vintage),
    CONSTRAINT credit_class_serial UNIQUE (project_code, vintage),
    CONSTRAINT credit_class_issued_within_verified CHECK (issued <= verified)
);

CREATE TABLE ledger_account (
    id          TEXT   NOT NULL CONSTRAINT ledger_account_id PRIMARY KEY,
    holder_id   TEXT   NOT NULL CONSTRAINT ledger_account_holder REFERENCES organisation (id),
    class_id    TEXT   NOT NULL CONSTRAINT ledger_account_class REFERENCES credit_class (id),
    kind        TEXT   NOT NULL CONSTRAINT ledger_account_kind CHECK (kind IN ('issuance', 'holding', 'retired')),
    balance     BIGINT NOT NULL,
    CONSTRAINT ledger_account_once UNIQUE (holder_id, class_id, kind),
    -- what a transfer and a block must agree with
    CONSTRAINT ledger_account_identity UNIQUE (id, class_id, kind, holder_id),
    CONSTRAINT ledger_account_never_overdrawn CHECK (balance >= 0 OR kind = 'issuance'),
    CONSTRAINT ledger_account_issuance_only_gives CHECK (balance <= 0 OR kind <> 'issuance')
);
CREATE INDEX ledger_account_by_class ON ledger_account (class_id, kind);
CREATE INDEX ledger_account_by_kind ON ledger_account (kind, class_id);

-- One purpose, one beneficiary, for good.
CREATE TABLE retirement (
    id                  TEXT   NOT NULL CONSTRAINT retirement_id PRIMARY KEY,
    number              TEXT   NOT NULL CONSTRAINT retirement_number UNIQUE,
    holder_id           TEXT   NOT NULL CONSTRAINT retirement_holder REFERENCES organisation (id),
    purpose             TEXT   NOT NULL CONSTRAINT retirement_purpose CHECK (purpose <> ''),
    purpose_text        TEXT   NOT NULL,
    beneficiary         TEXT   NOT NULL CONSTRAINT retirement_beneficiary CHECK (beneficiary <> ''),
    beneficiary_uscc    TEXT,
    quantity            BIGINT NOT NULL CONSTRAINT retirement_quantity CHECK (quantity > 0),
    at                  BIGINT NOT NULL,
    -- beneficiary and holder in lower case, for the public search
    search              TEXT   NOT NULL,
    act_id              TEXT   NOT NULL CONSTRAINT retirement_act REFERENCES act (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT retirement_one_per_act UNIQUE (act_id)
);
CREATE INDEX retirement_by_holder ON retirement (holder_id, id);

CREATE TABLE ledger_transfer (
    id              TEXT   NOT NULL CONSTRAINT ledger_transfer_id PRIMARY KEY,
    class_id        TEXT   NOT NULL,
    debit_account   TEXT   NOT NULL,
    debit_kind      TEXT   NOT NULL,
    debit_holder    TEXT   NOT NULL,
    credit_account  TEXT   NOT NULL,
    credit_kind     TEXT   NOT NULL,
    credit_holder   TEXT   NOT NULL,
    amount          BIGINT NOT NULL,
    serial_start    BIGINT NOT NULL,
    serial_end      BIGINT NOT NULL,
    at              BIGINT NOT NULL,
    act_id          TEXT   NOT NULL,
    -- of the row within its act: with the act's key, what makes a replay impossible
    position        BIGINT NOT NULL,
    retirement_id   TEXT,
    CONSTRAINT ledger_transfer_once UNIQUE (act_id, position),
    CONSTRAINT ledger_transfer_act FOREIGN KEY (act_id) REFERENCES act (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT ledger_transfer_retirement FOREIGN KEY (retirement_id) REFERENCES retirement (id),
    -- both accounts exist, and are of the transfer's class and of the kinds it says
    CONSTRAINT ledger_transfer_debit FOREIGN KEY (debit_account, class_id, debit_kind, debit_holder)
        REFERENCES ledger_account (id, class_id, kind, holder_id),
    CONSTRAINT ledger_transfer_credit FOREIGN KEY (credit_account, class_id, credit_kind, credit_holder)
        REFERENCES ledger_account (id, class_id, kind, holder_id),
    CONSTRAINT ledger_transfer_amount_positive CHECK (amount > 0),
    CONSTRAINT ledger_transfer_amount_is_serials CHECK (serial_start >= 1 AND serial_end - serial_start + 1 = amount),
    CONSTRAINT ledger_transfer_retired_is_final CHECK (debit_kind <> 'retired'),
    CONSTRAINT ledger_transfer_nothing_unissued CHECK (credit_kind <> 'issuance'),
    CONSTRAINT ledger_transfer_issue_is_held_first CHECK (debit_kind <> 'issuance' OR credit_kind = 'holding'),
    CONSTRAINT ledger_transfer_not_to_itself CHECK (debit_account <> credit_account),
    CONSTRAINT ledger_transfer_retired_by_holder CHECK (credit_kind <> 'retired' OR debit_holder = credit_holder),
    CONSTRAINT ledger_transfer_retirement_named CHECK ((credit_kind = 'retired') = (retirement_id IS NOT NULL))
);
CREATE INDEX ledger_transfer_by_debit_holder ON ledger_transfer (debit_holder, id);
CREATE INDEX ledger_transfer_by_credit_holder ON ledger_transfer (credit_holder, id);
CREATE INDEX ledger_transfer_by_class ON ledger_transfer (class_id, serial_start);
CREATE INDEX ledger_transfer_by_retirement ON ledger_transfer (retirement_id);

-- Where each number is now. The blocks of a class form a chain from the sentinel (0, 0): each names the end of its predecessor, which
-- must exist, and no two begin or end at the same number. So they tile 1..issued without gap or overlap, by constraint.
-- The chain is checked at the commit, since a cut is two statements.
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
            AND account_kind IN ('holding', 'retired') AND account_kind IS NOT NULL AND previous_end IS NOT NULL))
);
CREATE INDEX serial_block_by_account ON serial_block (account_id, serial_start);
