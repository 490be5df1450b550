-- A block that is cut at its end is referred to by the block after it: without this index the database reads every block of the class to see
-- whether one does.
CREATE INDEX serial_block_by_previous ON serial_block (class_id, previous_end);
-- What a holder has, without reading what everybody has.
CREATE INDEX ledger_account_by_holder ON ledger_account (holder_id, kind, class_id);
-- What is read by day, by the land of a claim, by the end of a suspension and by name.
CREATE INDEX inclusion_activity_settled ON inclusion_activity (day, scene, region, account_id, mg) WHERE state = 'settled';
CREATE INDEX event_unit_by_claim ON event_unit (claim_id) WHERE claim_id IS NOT NULL;
CREATE INDEX inclusion_account_suspended ON inclusion_account (suspended_until) WHERE state = 'suspended';
CREATE INDEX organisation_by_name ON organisation (name);
