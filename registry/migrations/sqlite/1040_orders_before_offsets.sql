-- A request to surrender credits is in the way of no order: a freeze or a suspension ends it, as it ends transfers that wait.
-- SQLite has no statement that changes a CHECK; this is the way its manual gives for it (1016): only the text of the check changes, no stored row.
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, '''cancelled'', ''withdrawn'', ''declined'')', '''cancelled'', ''withdrawn'', ''declined'', ''overtaken'')')
    WHERE type = 'table' AND name = 'credit_hold_end';
PRAGMA writable_schema = RESET;
