-- A block that is cut at its end is referred to by the block after it: without this index the database reads every block of the class to see
-- whether one does.
CREATE INDEX serial_block_by_previous ON serial_block (class_id, previous_end);
-- What a holder has, without reading what everybody has.
CREATE INDEX ledger_account_by_holder ON ledger_account (holder_id, kind, class_id);
