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
-- SQLite looks for rows that refer to an act when it is entered.
CREATE INDEX inclusion_staff_group_by_act ON inclusion_staff_group (act_id);
CREATE INDEX inclusion_staff_month_by_act ON inclusion_staff_month (act_id);
