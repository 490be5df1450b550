-- What is settled in two days is not entered into the order in which grams are used: two entries fewer for every act, at its begin and at
-- its settlement (docs/decisions/0020).
DROP INDEX inclusion_lot_part_in_order;
CREATE INDEX inclusion_lot_part_in_order ON inclusion_lot_part (account_id, place, place_ref, day, lot_id)
    WHERE mg > 0 AND place <> 'pending';
-- The grams in a person's own hands are found by the person.
DROP INDEX inclusion_lot_part_of_place;
CREATE INDEX inclusion_lot_part_of_place ON inclusion_lot_part (place, place_ref, day)
    WHERE mg > 0 AND place <> 'pending' AND place <> 'held';
