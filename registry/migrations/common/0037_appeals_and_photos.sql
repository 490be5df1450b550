-- Before the bytes of a photo are removed it is asked whether an act names it: that is read by its hash.
CREATE INDEX inclusion_activity_by_file ON inclusion_activity (evidence_file) WHERE evidence_file IS NOT NULL;

-- When an act became void: the days for an appeal count from then on, whoever declared it void and however late.
ALTER TABLE inclusion_activity ADD COLUMN voided_at BIGINT
    CONSTRAINT inclusion_activity_voided_is_void CHECK (voided_at IS NULL OR state = 'void');
-- Of those that are void already: when an operator decided so, or when their grams left; of the few that had neither, nobody knows.
UPDATE inclusion_activity SET voided_at = COALESCE(
    (SELECT MAX(d.at) FROM inclusion_decision d WHERE d.account_id = inclusion_activity.account_id AND d.activity_id = inclusion_activity.id
        AND d.decision = 'void'),
    (SELECT MAX(t.at) FROM inclusion_transfer t WHERE t.account_id = inclusion_activity.account_id AND t.lot_id = inclusion_activity.id
        AND t.credit_place = 'void'))
    WHERE state = 'void';
