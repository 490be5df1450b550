-- Batches of carbon inclusion: who froze one (another operator issues it), what its recognition rests on, what the body found of the acts it
-- was shown, and the share of the sampled mass that was not confirmed. Empty in batches from before.
ALTER TABLE inclusion_batch ADD COLUMN frozen_by TEXT;
ALTER TABLE inclusion_batch ADD COLUMN recognition_title TEXT;
ALTER TABLE inclusion_batch ADD COLUMN recognition_number TEXT;
ALTER TABLE inclusion_batch ADD COLUMN recognised_by TEXT;
ALTER TABLE inclusion_batch ADD COLUMN recognised_on TEXT;
-- in 1/10000
ALTER TABLE inclusion_batch ADD COLUMN wrong_share BIGINT;

CREATE TABLE inclusion_batch_finding (
    batch_id        TEXT   NOT NULL CONSTRAINT inclusion_batch_finding_batch REFERENCES inclusion_batch (id),
    position        BIGINT NOT NULL,
    note            TEXT   NOT NULL CONSTRAINT inclusion_batch_finding_note CHECK (note <> ''),
    act_id          TEXT   NOT NULL CONSTRAINT inclusion_batch_finding_act REFERENCES act (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT inclusion_batch_finding_once PRIMARY KEY (batch_id, position),
    CONSTRAINT inclusion_batch_finding_item FOREIGN KEY (batch_id, position) REFERENCES inclusion_batch_item (batch_id, position)
);
CREATE INDEX inclusion_batch_finding_by_act ON inclusion_batch_finding (act_id);
