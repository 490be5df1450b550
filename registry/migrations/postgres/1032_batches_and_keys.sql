-- What PostgreSQL enforces by triggers for 0032; the names of the refusals are the same as on SQLite.
CREATE TRIGGER inclusion_provider_key_only_ends BEFORE UPDATE ON inclusion_provider_key
    FOR EACH ROW WHEN (NEW.id <> OLD.id OR NEW.provider_id <> OLD.provider_id OR NEW.secret <> OLD.secret OR NEW.created_at <> OLD.created_at
    OR (OLD.valid_until IS NOT NULL AND (NEW.valid_until IS NULL OR NEW.valid_until > OLD.valid_until)))
    EXECUTE FUNCTION refuse_change('inclusion_provider_key_only_ends');
CREATE TRIGGER inclusion_provider_key_never_deleted BEFORE DELETE ON inclusion_provider_key
    FOR EACH ROW EXECUTE FUNCTION refuse_change('inclusion_provider_key_never_deleted');
