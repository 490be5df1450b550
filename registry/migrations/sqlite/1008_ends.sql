-- Endings and bars are only added to (the same names as in migrations/postgres).

CREATE TRIGGER ending_never_updated BEFORE UPDATE ON ending
BEGIN SELECT RAISE(ABORT, 'ending_never_updated'); END;
CREATE TRIGGER ending_never_deleted BEFORE DELETE ON ending
BEGIN SELECT RAISE(ABORT, 'ending_never_deleted'); END;
CREATE TRIGGER ending_never_replaced BEFORE INSERT ON ending
WHEN EXISTS (SELECT 1 FROM ending WHERE record_id = NEW.record_id)
BEGIN SELECT RAISE(ABORT, 'ending_never_replaced'); END;
CREATE TRIGGER owner_ban_never_updated BEFORE UPDATE ON owner_ban
BEGIN SELECT RAISE(ABORT, 'owner_ban_never_updated'); END;
CREATE TRIGGER owner_ban_never_deleted BEFORE DELETE ON owner_ban
BEGIN SELECT RAISE(ABORT, 'owner_ban_never_deleted'); END;
CREATE TRIGGER owner_ban_never_replaced BEFORE INSERT ON owner_ban
WHEN EXISTS (SELECT 1 FROM owner_ban WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'owner_ban_never_replaced'); END;
