-- A consent only ends. What may go afterwards is the name of the guardian who agreed: with the account.
DROP TRIGGER inclusion_consent_only_ends;
CREATE TRIGGER inclusion_consent_only_ends BEFORE UPDATE ON inclusion_consent
WHEN NEW.revoked_at IS NULL OR NEW.id <> OLD.id OR NEW.account_id <> OLD.account_id
    OR NEW.purpose <> OLD.purpose OR NEW.provider_id <> OLD.provider_id OR NEW.scene <> OLD.scene OR NEW.text_hash <> OLD.text_hash
    OR (OLD.revoked_at IS NOT NULL AND (NEW.revoked_at <> OLD.revoked_at OR NEW.granted_at <> OLD.granted_at OR NEW.text_version <> OLD.text_version
        OR NEW.act_id <> OLD.act_id OR COALESCE(NEW.covered_from, 0) <> COALESCE(OLD.covered_from, 0)
        OR OLD.by_guardian IS NULL OR COALESCE(NEW.by_guardian, '-') <> ''))
BEGIN SELECT RAISE(ABORT, 'inclusion_consent_only_ends'); END;
UPDATE inclusion_consent SET by_guardian = ''
WHERE by_guardian <> '' AND account_id IN (SELECT id FROM inclusion_account WHERE state = 'closed');
-- SQLite looks for rows that name an act whenever one is written
CREATE INDEX inclusion_guardian_request_by_act ON inclusion_guardian_request (act_id);
