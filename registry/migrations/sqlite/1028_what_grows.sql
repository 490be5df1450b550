-- What SQLite does for every act of a person, made smaller. Two tables are made anew with the same rows (as in 1020); nothing refers to them.

-- A record of the world is claimed after its act is written, so the reference need not wait for the commit; and where nothing waits, SQLite
-- looks for nothing. The table is its own key.
CREATE TABLE inclusion_fingerprint_before AS SELECT fingerprint, account_id, activity_id FROM inclusion_fingerprint;
DROP TABLE inclusion_fingerprint;
CREATE TABLE inclusion_fingerprint (
    fingerprint     TEXT   NOT NULL CONSTRAINT inclusion_fingerprint_once PRIMARY KEY,
    account_id      TEXT   NOT NULL,
    activity_id     TEXT   NOT NULL,
    CONSTRAINT inclusion_fingerprint_activity FOREIGN KEY (account_id, activity_id) REFERENCES inclusion_activity (account_id, id)
) WITHOUT ROWID;
INSERT INTO inclusion_fingerprint (fingerprint, account_id, activity_id)
    SELECT fingerprint, account_id, activity_id FROM inclusion_fingerprint_before ORDER BY fingerprint;
DROP TABLE inclusion_fingerprint_before;
CREATE TRIGGER inclusion_fingerprint_never_deleted BEFORE DELETE ON inclusion_fingerprint
BEGIN SELECT RAISE(ABORT, 'inclusion_fingerprint_never_deleted'); END;

-- A call asks for a few periods of an account, not for all of its life. What is counted are acts, and those refer to the account.
CREATE TABLE inclusion_tally_before AS SELECT account_id, scene, period, acts, quantity FROM inclusion_tally;
DROP TABLE inclusion_tally;
CREATE TABLE inclusion_tally (
    account_id      TEXT   NOT NULL,
    scene           TEXT   NOT NULL,
    period          TEXT   NOT NULL,
    acts            BIGINT NOT NULL CONSTRAINT inclusion_tally_acts CHECK (acts >= 0),
    quantity        BIGINT NOT NULL CONSTRAINT inclusion_tally_quantity CHECK (quantity >= 0),
    CONSTRAINT inclusion_tally_once PRIMARY KEY (account_id, period, scene)
) WITHOUT ROWID;
INSERT INTO inclusion_tally (account_id, scene, period, acts, quantity)
    SELECT account_id, scene, period, acts, quantity FROM inclusion_tally_before ORDER BY account_id, period, scene;
DROP TABLE inclusion_tally_before;
