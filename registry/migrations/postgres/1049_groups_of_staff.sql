-- What was published or agreed to stays as it is.
CREATE TRIGGER inclusion_staff_group_never_updated BEFORE UPDATE ON inclusion_staff_group
    FOR EACH ROW EXECUTE FUNCTION refuse_change('inclusion_staff_group_never_updated');
CREATE TRIGGER inclusion_staff_group_never_deleted BEFORE DELETE ON inclusion_staff_group
    FOR EACH ROW EXECUTE FUNCTION refuse_change('inclusion_staff_group_never_deleted');
CREATE TRIGGER inclusion_staff_consent_never_updated BEFORE UPDATE ON inclusion_staff_consent
    FOR EACH ROW EXECUTE FUNCTION refuse_change('inclusion_staff_consent_never_updated');
CREATE TRIGGER inclusion_staff_consent_never_deleted BEFORE DELETE ON inclusion_staff_consent
    FOR EACH ROW EXECUTE FUNCTION refuse_change('inclusion_staff_consent_never_deleted');
CREATE TRIGGER inclusion_staff_month_never_updated BEFORE UPDATE ON inclusion_staff_month
    FOR EACH ROW EXECUTE FUNCTION refuse_change('inclusion_staff_month_never_updated');
CREATE TRIGGER inclusion_staff_month_never_deleted BEFORE DELETE ON inclusion_staff_month
    FOR EACH ROW EXECUTE FUNCTION refuse_change('inclusion_staff_month_never_deleted');
CREATE TRIGGER inclusion_staff_cell_never_updated BEFORE UPDATE ON inclusion_staff_cell
    FOR EACH ROW EXECUTE FUNCTION refuse_change('inclusion_staff_cell_never_updated');
CREATE TRIGGER inclusion_staff_cell_never_deleted BEFORE DELETE ON inclusion_staff_cell
    FOR EACH ROW EXECUTE FUNCTION refuse_change('inclusion_staff_cell_never_deleted');
