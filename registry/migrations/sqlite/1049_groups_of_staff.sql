-- What was published or agreed to stays as it is.
CREATE TRIGGER inclusion_staff_group_never_updated BEFORE UPDATE ON inclusion_staff_group
BEGIN SELECT RAISE(ABORT, 'inclusion_staff_group_never_updated'); END;
CREATE TRIGGER inclusion_staff_group_never_deleted BEFORE DELETE ON inclusion_staff_group
BEGIN SELECT RAISE(ABORT, 'inclusion_staff_group_never_deleted'); END;
CREATE TRIGGER inclusion_staff_consent_never_updated BEFORE UPDATE ON inclusion_staff_consent
BEGIN SELECT RAISE(ABORT, 'inclusion_staff_consent_never_updated'); END;
CREATE TRIGGER inclusion_staff_consent_never_deleted BEFORE DELETE ON inclusion_staff_consent
BEGIN SELECT RAISE(ABORT, 'inclusion_staff_consent_never_deleted'); END;
CREATE TRIGGER inclusion_staff_month_never_updated BEFORE UPDATE ON inclusion_staff_month
BEGIN SELECT RAISE(ABORT, 'inclusion_staff_month_never_updated'); END;
CREATE TRIGGER inclusion_staff_month_never_deleted BEFORE DELETE ON inclusion_staff_month
BEGIN SELECT RAISE(ABORT, 'inclusion_staff_month_never_deleted'); END;
CREATE TRIGGER inclusion_staff_cell_never_updated BEFORE UPDATE ON inclusion_staff_cell
BEGIN SELECT RAISE(ABORT, 'inclusion_staff_cell_never_updated'); END;
CREATE TRIGGER inclusion_staff_cell_never_deleted BEFORE DELETE ON inclusion_staff_cell
BEGIN SELECT RAISE(ABORT, 'inclusion_staff_cell_never_deleted'); END;
