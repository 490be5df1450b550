-- A version of a certificate is written once (the same names as in migrations/sqlite).

CREATE TRIGGER certificate_version_never_updated BEFORE UPDATE ON certificate_version
    FOR EACH ROW EXECUTE FUNCTION refuse_change('certificate_version_never_updated');
CREATE TRIGGER certificate_version_never_deleted BEFORE DELETE ON certificate_version
    FOR EACH ROW EXECUTE FUNCTION refuse_change('certificate_version_never_deleted');
CREATE TRIGGER certificate_version_never_truncated BEFORE TRUNCATE ON certificate_version
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('certificate_version_never_truncated');
CREATE TRIGGER credit_document_file_never_updated BEFORE UPDATE ON credit_document_file
    FOR EACH ROW EXECUTE FUNCTION refuse_change('credit_document_file_never_updated');
CREATE TRIGGER credit_document_file_never_deleted BEFORE DELETE ON credit_document_file
    FOR EACH ROW EXECUTE FUNCTION refuse_change('credit_document_file_never_deleted');
CREATE TRIGGER credit_document_file_never_truncated BEFORE TRUNCATE ON credit_document_file
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('credit_document_file_never_truncated');
