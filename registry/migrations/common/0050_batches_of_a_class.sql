-- The batches that a class of carbon inclusion was issued from.
CREATE INDEX inclusion_batch_by_class ON inclusion_batch (class_id);
