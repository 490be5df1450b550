-- A version of a certificate is written once (the same names as in migrations/postgres).

CREATE TRIGGER certificate_version_never_updated BEFORE UPDATE ON certificate_version
BEGIN SELECT RAISE(ABORT, 'certificate_version_never_updated'); END;
CREATE TRIGGER certificate_version_never_deleted BEFORE DELETE ON certificate_version
BEGIN SELECT RAISE(ABORT, 'certificate_version_never_deleted'); END;
CREATE TRIGGER certificate_version_never_replaced BEFORE INSERT ON certificate_version
WHEN EXISTS (SELECT 1 FROM certificate_version WHERE (retirement_id = NEW.retirement_id AND version = NEW.version) OR act_id = NEW.act_id)
BEGIN SELECT RAISE(ABORT, 'certificate_version_never_replaced'); END;

CREATE TRIGGER credit_document_file_never_updated BEFORE UPDATE ON credit_document_file
BEGIN SELECT RAISE(ABORT, 'credit_document_file_never_updated'); END;
CREATE TRIGGER credit_document_file_never_deleted BEFORE DELETE ON credit_document_file
BEGIN SELECT RAISE(ABORT, 'credit_document_file_never_deleted'); END;
CREATE TRIGGER credit_document_file_never_replaced BEFORE INSERT ON credit_document_file
WHEN EXISTS (SELECT 1 FROM credit_document_file WHERE act_id = NEW.act_id)
BEGIN SELECT RAISE(ABORT, 'credit_document_file_never_replaced'); END;
