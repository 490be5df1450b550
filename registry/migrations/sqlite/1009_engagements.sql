-- What was said about a finding stays (the same names as in migrations/postgres).

CREATE TRIGGER finding_step_never_updated BEFORE UPDATE ON finding_step
BEGIN SELECT RAISE(ABORT, 'finding_step_never_updated'); END;
CREATE TRIGGER finding_step_never_deleted BEFORE DELETE ON finding_step
BEGIN SELECT RAISE(ABORT, 'finding_step_never_deleted'); END;
CREATE TRIGGER finding_step_never_replaced BEFORE INSERT ON finding_step
WHEN EXISTS (SELECT 1 FROM finding_step WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'finding_step_never_replaced'); END;
CREATE TRIGGER finding_never_deleted BEFORE DELETE ON finding
BEGIN SELECT RAISE(ABORT, 'finding_never_deleted'); END;
