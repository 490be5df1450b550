-- What SQLite enforces by triggers for 0032; the names of the refusals are the same as on PostgreSQL.
CREATE TRIGGER inclusion_provider_key_only_ends BEFORE UPDATE ON inclusion_provider_key
WHEN NEW.id <> OLD.id OR NEW.provider_id <> OLD.provider_id OR NEW.secret <> OLD.secret OR NEW.created_at <> OLD.created_at
    OR (OLD.valid_until IS NOT NULL AND (NEW.valid_until IS NULL OR NEW.valid_until > OLD.valid_until))
BEGIN SELECT RAISE(ABORT, 'inclusion_provider_key_only_ends'); END;
CREATE TRIGGER inclusion_provider_key_never_deleted BEFORE DELETE ON inclusion_provider_key
BEGIN SELECT RAISE(ABORT, 'inclusion_provider_key_never_deleted'); END;
-- Whoever enters an act waits for the tables that refer to it (1026).
CREATE INDEX inclusion_provider_key_by_act ON inclusion_provider_key (act_id);
