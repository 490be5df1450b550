-- What PostgreSQL enforces by triggers for 0024; the names of the refusals are the same as on SQLite.
CREATE TRIGGER inclusion_precedence_change_never_updated BEFORE UPDATE ON inclusion_precedence_change
    FOR EACH ROW EXECUTE FUNCTION refuse_change('inclusion_precedence_change_never_updated');
CREATE TRIGGER inclusion_precedence_change_never_deleted BEFORE DELETE ON inclusion_precedence_change
    FOR EACH ROW EXECUTE FUNCTION refuse_change('inclusion_precedence_change_never_deleted');
CREATE TRIGGER inclusion_precedence_decision_never_updated BEFORE UPDATE ON inclusion_precedence_decision
    FOR EACH ROW EXECUTE FUNCTION refuse_change('inclusion_precedence_decision_never_updated');
CREATE TRIGGER inclusion_precedence_decision_never_deleted BEFORE DELETE ON inclusion_precedence_decision
    FOR EACH ROW EXECUTE FUNCTION refuse_change('inclusion_precedence_decision_never_deleted');
-- a place that nobody but one operator gave is none
CREATE FUNCTION inclusion_provider_precedence_agreed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.precedence <> OLD.precedence AND NOT EXISTS (
        SELECT 1 FROM inclusion_precedence_change c JOIN inclusion_precedence_decision d ON d.change_id = c.id AND d.outcome = 'approved'
        WHERE c.provider_id = NEW.id AND c.precedence = NEW.precedence) THEN
        PERFORM inclusion_refuse('inclusion_provider_precedence_agreed');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER inclusion_provider_precedence_agreed BEFORE UPDATE ON inclusion_provider
    FOR EACH ROW EXECUTE FUNCTION inclusion_provider_precedence_agreed();
CREATE TRIGGER inclusion_provider_precedence_begins_last BEFORE INSERT ON inclusion_provider
    FOR EACH ROW WHEN (NEW.precedence <> 5) EXECUTE FUNCTION refuse_change('inclusion_provider_precedence_begins_last');
CREATE TRIGGER inclusion_identity_only_ends BEFORE UPDATE ON inclusion_identity
    FOR EACH ROW WHEN ((OLD.state IN ('refused', 'withdrawn') AND (NEW.state <> OLD.state OR NEW.note <> '')) OR (OLD.state = 'granted' AND NEW.state <> 'withdrawn')
        OR NEW.account_id <> OLD.account_id OR NEW.id <> OLD.id OR NEW.asked_at <> OLD.asked_at OR NEW.document_kind <> OLD.document_kind
        OR (NEW.document_digest IS NOT NULL AND NEW.document_digest <> OLD.document_digest))
    EXECUTE FUNCTION refuse_change('inclusion_identity_only_ends');
CREATE TRIGGER inclusion_identity_never_deleted BEFORE DELETE ON inclusion_identity
    FOR EACH ROW EXECUTE FUNCTION refuse_change('inclusion_identity_never_deleted');
CREATE FUNCTION inclusion_account_real_name_was_granted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.identity_level = 'real_name' AND OLD.identity_level <> 'real_name'
        AND NOT EXISTS (SELECT 1 FROM inclusion_identity WHERE account_id = NEW.id AND state = 'granted') THEN
        PERFORM inclusion_refuse('inclusion_account_real_name_was_granted');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER inclusion_account_real_name_was_granted BEFORE UPDATE ON inclusion_account
    FOR EACH ROW EXECUTE FUNCTION inclusion_account_real_name_was_granted();
CREATE TRIGGER inclusion_city_month_never_updated BEFORE UPDATE ON inclusion_city_month
    FOR EACH ROW EXECUTE FUNCTION refuse_change('inclusion_city_month_never_updated');
CREATE TRIGGER inclusion_city_month_never_deleted BEFORE DELETE ON inclusion_city_month
    FOR EACH ROW EXECUTE FUNCTION refuse_change('inclusion_city_month_never_deleted');
CREATE TRIGGER inclusion_city_cell_never_updated BEFORE UPDATE ON inclusion_city_cell
    FOR EACH ROW EXECUTE FUNCTION refuse_change('inclusion_city_cell_never_updated');
CREATE TRIGGER inclusion_city_cell_never_deleted BEFORE DELETE ON inclusion_city_cell
    FOR EACH ROW EXECUTE FUNCTION refuse_change('inclusion_city_cell_never_deleted');
CREATE TRIGGER inclusion_precedence_change_never_truncated BEFORE TRUNCATE ON inclusion_precedence_change
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('inclusion_precedence_change_never_truncated');
CREATE TRIGGER inclusion_precedence_decision_never_truncated BEFORE TRUNCATE ON inclusion_precedence_decision
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('inclusion_precedence_decision_never_truncated');
CREATE TRIGGER inclusion_identity_never_truncated BEFORE TRUNCATE ON inclusion_identity
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('inclusion_identity_never_truncated');
CREATE TRIGGER inclusion_city_month_never_truncated BEFORE TRUNCATE ON inclusion_city_month
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('inclusion_city_month_never_truncated');
CREATE TRIGGER inclusion_city_cell_never_truncated BEFORE TRUNCATE ON inclusion_city_cell
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('inclusion_city_cell_never_truncated');
