-- What SQLite enforces by triggers for 0032; the names of the refusals are the same as on PostgreSQL.
CREATE TRIGGER inclusion_provider_key_only_ends BEFORE UPDATE ON inclusion_provider_key
WHEN NEW.id <> OLD.id OR NEW.provider_id <> OLD.provider_id OR NEW.secret <> OLD.secret OR NEW.created_at <> OLD.created_at
    OR (OLD.valid_until IS NOT NULL AND (NEW.valid_until IS NULL OR NEW.valid_until > OLD.valid_until))
BEGIN SELECT RAISE(ABORT, 'inclusion_provider_key_only_ends'); END;
CREATE TRIGGER inclusion_provider_key_never_deleted BEFORE DELETE ON inclusion_provider_key
BEGIN SELECT RAISE(ABORT, 'inclusion_provider_key_never_deleted'); END;
-- Whoever enters an act waits for the tables that refer to it (1026).
CREATE INDEX inclusion_provider_key_by_act ON inclusion_provider_key (act_id);

-- Boards of regions follow what was verified in a month, for those who are on them.
CREATE TRIGGER inclusion_board_member_enters AFTER INSERT ON inclusion_board_member
BEGIN
    INSERT INTO inclusion_board_entry (account_id, region, period, mg) SELECT account_id, NEW.region, period, mg FROM inclusion_verified
        WHERE account_id = NEW.account_id AND scene = '' AND length(period) = 7;
END;
CREATE TRIGGER inclusion_verified_is_on_boards_first AFTER INSERT ON inclusion_verified WHEN NEW.scene = '' AND length(NEW.period) = 7
BEGIN
    INSERT INTO inclusion_board_entry (account_id, region, period, mg) SELECT account_id, region, NEW.period, NEW.mg
        FROM inclusion_board_member WHERE account_id = NEW.account_id;
END;
CREATE TRIGGER inclusion_verified_is_on_boards AFTER UPDATE OF mg ON inclusion_verified
WHEN NEW.scene = '' AND length(NEW.period) = 7 AND NEW.mg <> OLD.mg
BEGIN
    UPDATE inclusion_board_entry SET mg = NEW.mg WHERE period = NEW.period AND account_id = NEW.account_id
        AND region IN (SELECT region FROM inclusion_board_member WHERE account_id = NEW.account_id);
END;
