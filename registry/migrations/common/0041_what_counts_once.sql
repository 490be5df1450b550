-- Things behind records, and looks of photos. A bill of a meter and a thing with a number of its own count as often as their scene says,
-- whoever reports them; digests with the installation's key (docs/decisions/0020). A row stands for as long as its act is not void.
CREATE TABLE inclusion_object (
    object          TEXT   NOT NULL CONSTRAINT inclusion_object_once PRIMARY KEY,
    account_id      TEXT   NOT NULL,
    activity_id     TEXT   NOT NULL,
    CONSTRAINT inclusion_object_activity FOREIGN KEY (account_id, activity_id)
        REFERENCES inclusion_activity (account_id, id) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX inclusion_object_by_activity ON inclusion_object (account_id, activity_id);

-- What a photo looks like, so that the same picture written into another file is looked at.
CREATE TABLE inclusion_photo_look (
    look            TEXT   NOT NULL,
    account_id      TEXT   NOT NULL,
    activity_id     TEXT   NOT NULL,
    CONSTRAINT inclusion_photo_look_once PRIMARY KEY (look, account_id, activity_id),
    CONSTRAINT inclusion_photo_look_activity FOREIGN KEY (account_id, activity_id)
        REFERENCES inclusion_activity (account_id, id) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX inclusion_photo_look_by_activity ON inclusion_photo_look (account_id, activity_id);

-- A meter is somebody's until it is given up: because they moved, closed the account, or never had it. Empty in rows from before.
ALTER TABLE inclusion_meter ADD COLUMN scene TEXT NOT NULL DEFAULT '';
ALTER TABLE inclusion_meter ADD COLUMN provider_id TEXT NOT NULL DEFAULT '';
ALTER TABLE inclusion_meter ADD COLUMN since_day TEXT NOT NULL DEFAULT '';
CREATE INDEX inclusion_meter_by_account ON inclusion_meter (account_id, meter);
CREATE TABLE inclusion_meter_left (
    meter           TEXT   NOT NULL,
    account_id      TEXT   NOT NULL CONSTRAINT inclusion_meter_left_account REFERENCES inclusion_account (id),
    -- the last day of which a record of this meter is that account's
    until_day       TEXT   NOT NULL,
    act_id          TEXT   NOT NULL CONSTRAINT inclusion_meter_left_act REFERENCES act (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT inclusion_meter_left_once PRIMARY KEY (meter, act_id)
);
CREATE INDEX inclusion_meter_left_by_act ON inclusion_meter_left (act_id);
CREATE INDEX inclusion_meter_left_by_account ON inclusion_meter_left (account_id);
