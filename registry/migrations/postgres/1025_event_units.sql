-- Carbon inclusion that is retired in this ledger, and tonnes from gifts, are kinds of their own (the same names as in migrations/sqlite).
ALTER TABLE event_unit DROP CONSTRAINT event_unit_kind;
ALTER TABLE event_unit ADD CONSTRAINT event_unit_kind
    CHECK (kind IN ('allowance', 'ccer', 'inclusion', 'gift', 'other_mechanism', 'new_forest'));
ALTER TABLE event_unit DROP CONSTRAINT event_unit_ccer_is_retired_here;
ALTER TABLE event_unit ADD CONSTRAINT event_unit_ccer_is_retired_here
    CHECK (CASE WHEN retirement_id IS NULL THEN kind NOT IN ('ccer', 'gift') ELSE kind IN ('ccer', 'inclusion', 'gift') END);
