-- Why an order was cancelled by somebody else than its person: a code, and words. Empty where the person cancelled it, or it was not.
ALTER TABLE inclusion_order ADD COLUMN refused_for TEXT;
ALTER TABLE inclusion_order ADD COLUMN refusal_note TEXT;
