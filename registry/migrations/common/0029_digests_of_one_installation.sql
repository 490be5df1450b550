-- Digests of order numbers, meters and devices are made with a key of this installation (docs/decisions/0020): whoever has the rows alone
-- cannot find out a number by trying, and a new key of a provider makes no old record new. The key is made once, when the registry brings
-- the schema up; has_older: there were digests without it.
CREATE TABLE installation_key (
    name            TEXT   NOT NULL CONSTRAINT installation_key_name PRIMARY KEY,
    secret          TEXT   NOT NULL CONSTRAINT installation_key_secret CHECK (length(secret) = 64),
    has_older       BIGINT NOT NULL CONSTRAINT installation_key_has_older CHECK (has_older IN (0, 1))
);
-- What the fingerprints of a provider's orders were made with before: never changed, empty for those admitted later.
ALTER TABLE inclusion_provider ADD COLUMN earlier_secret TEXT NOT NULL DEFAULT '';
UPDATE inclusion_provider SET earlier_secret = secret;
-- The report of a file says which line was answered how; the number of the order is not kept.
UPDATE inclusion_import_row SET order_number = '' WHERE order_number <> '';
