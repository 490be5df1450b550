-- Carbon inclusion that is retired in this ledger, and tonnes from gifts, are kinds of their own (the same names as in migrations/postgres).
-- SQLite has no statement that changes a CHECK; this is the way its manual gives for it
-- (https://www.sqlite.org/lang_altertable.html, section 7): only the text of the checks changes, no stored row.
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(replace(sql, '''inclusion'', ''other_mechanism''', '''inclusion'', ''gift'', ''other_mechanism'''),
    '(kind = ''ccer'') = (retirement_id IS NOT NULL)',
    'CASE WHEN retirement_id IS NULL THEN kind NOT IN (''ccer'', ''gift'') ELSE kind IN (''ccer'', ''inclusion'', ''gift'') END')
    WHERE type = 'table' AND name = 'event_unit';
PRAGMA writable_schema = RESET;
