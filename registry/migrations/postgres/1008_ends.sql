-- Endings and bars are only added to (the same names as in migrations/sqlite).

CREATE TRIGGER ending_never_updated BEFORE UPDATE ON ending
    FOR EACH ROW EXECUTE FUNCTION refuse_change('ending_never_updated');
CREATE TRIGGER ending_never_deleted BEFORE DELETE ON ending
    FOR EACH ROW EXECUTE FUNCTION refuse_change('ending_never_deleted');
CREATE TRIGGER ending_never_truncated BEFORE TRUNCATE ON ending
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('ending_never_truncated');
CREATE TRIGGER owner_ban_never_updated BEFORE UPDATE ON owner_ban
    FOR EACH ROW EXECUTE FUNCTION refuse_change('owner_ban_never_updated');
CREATE TRIGGER owner_ban_never_deleted BEFORE DELETE ON owner_ban
    FOR EACH ROW EXECUTE FUNCTION refuse_change('owner_ban_never_deleted');
CREATE TRIGGER owner_ban_never_truncated BEFORE TRUNCATE ON owner_ban
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('owner_ban_never_truncated');
