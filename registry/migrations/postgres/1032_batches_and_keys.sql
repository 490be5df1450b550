-- What PostgreSQL enforces by triggers for 0032; the names of the refusals are the same as on SQLite.
CREATE TRIGGER inclusion_provider_key_only_ends BEFORE UPDATE ON inclusion_provider_key
    FOR EACH ROW WHEN (NEW.id <> OLD.id OR NEW.provider_id <> OLD.provider_id OR NEW.secret <> OLD.secret OR NEW.created_at <> OLD.created_at
    OR (OLD.valid_until IS NOT NULL AND (NEW.valid_until IS NULL OR NEW.valid_until > OLD.valid_until)))
    EXECUTE FUNCTION refuse_change('inclusion_provider_key_only_ends');
CREATE TRIGGER inclusion_provider_key_never_deleted BEFORE DELETE ON inclusion_provider_key
    FOR EACH ROW EXECUTE FUNCTION refuse_change('inclusion_provider_key_never_deleted');

-- Boards of regions follow what was verified in a month, for those who are on them.
CREATE FUNCTION inclusion_board_member_enters() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO inclusion_board_entry (account_id, region, period, mg) SELECT account_id, NEW.region, period, mg FROM inclusion_verified
        WHERE account_id = NEW.account_id AND scene = '' AND length(period) = 7;
    RETURN NULL;
END $$;
CREATE TRIGGER inclusion_board_member_enters AFTER INSERT ON inclusion_board_member
    FOR EACH ROW EXECUTE FUNCTION inclusion_board_member_enters();
CREATE FUNCTION inclusion_verified_is_on_boards_first() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO inclusion_board_entry (account_id, region, period, mg) SELECT account_id, region, NEW.period, NEW.mg
        FROM inclusion_board_member WHERE account_id = NEW.account_id;
    RETURN NULL;
END $$;
CREATE TRIGGER inclusion_verified_is_on_boards_first AFTER INSERT ON inclusion_verified
    FOR EACH ROW WHEN (NEW.scene = '' AND length(NEW.period) = 7) EXECUTE FUNCTION inclusion_verified_is_on_boards_first();
CREATE FUNCTION inclusion_verified_is_on_boards() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE inclusion_board_entry SET mg = NEW.mg WHERE period = NEW.period AND account_id = NEW.account_id
        AND region IN (SELECT region FROM inclusion_board_member WHERE account_id = NEW.account_id);
    RETURN NULL;
END $$;
CREATE TRIGGER inclusion_verified_is_on_boards AFTER UPDATE OF mg ON inclusion_verified
    FOR EACH ROW WHEN (NEW.scene = '' AND length(NEW.period) = 7 AND NEW.mg <> OLD.mg) EXECUTE FUNCTION inclusion_verified_is_on_boards();
