-- What covers a claim of neutrality is a retirement as the ledger has it; versions rest on what covers them, and are only added to (the
-- same names as in migrations/sqlite).

CREATE FUNCTION neutral_refuse(name TEXT) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', name USING ERRCODE = 'check_violation', CONSTRAINT = name;
END $$;

CREATE FUNCTION neutral_unit_fit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM retirement JOIN neutral_claim ON neutral_claim.id = NEW.claim_id
        WHERE retirement.id = NEW.retirement_id AND retirement.quantity = NEW.tonnes AND retirement.purpose = neutral_claim.kind) THEN
        PERFORM neutral_refuse('neutral_unit_is_the_retirement');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER neutral_unit_is_the_retirement BEFORE INSERT ON neutral_unit
    FOR EACH ROW EXECUTE FUNCTION neutral_unit_fit();

CREATE FUNCTION neutral_version_fit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.covered_tonnes <> (SELECT COALESCE(SUM(counted_tonnes), 0) FROM neutral_unit WHERE claim_id = NEW.claim_id) THEN
        PERFORM neutral_refuse('neutral_version_rests_on_retirements');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER neutral_version_rests_on_retirements BEFORE INSERT ON neutral_version
    FOR EACH ROW EXECUTE FUNCTION neutral_version_fit();

CREATE TRIGGER neutral_unit_never_updated BEFORE UPDATE ON neutral_unit
    FOR EACH ROW EXECUTE FUNCTION refuse_change('neutral_unit_never_updated');
CREATE TRIGGER neutral_unit_never_deleted BEFORE DELETE ON neutral_unit
    FOR EACH ROW EXECUTE FUNCTION refuse_change('neutral_unit_never_deleted');
CREATE TRIGGER neutral_unit_never_truncated BEFORE TRUNCATE ON neutral_unit
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('neutral_unit_never_truncated');
CREATE TRIGGER neutral_version_never_updated BEFORE UPDATE ON neutral_version
    FOR EACH ROW EXECUTE FUNCTION refuse_change('neutral_version_never_updated');
CREATE TRIGGER neutral_version_never_deleted BEFORE DELETE ON neutral_version
    FOR EACH ROW EXECUTE FUNCTION refuse_change('neutral_version_never_deleted');
CREATE TRIGGER neutral_version_never_truncated BEFORE TRUNCATE ON neutral_version
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('neutral_version_never_truncated');
