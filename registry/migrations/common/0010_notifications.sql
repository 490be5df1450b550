-- Messages to organisations, mail to their people, and how long each step takes.

-- What an organisation is told: one row per act and organisation, written in the transaction of the act. Texts are made when they are
-- read, from the codes kept here.
CREATE TABLE notification (
    id              TEXT   NOT NULL CONSTRAINT notification_id PRIMARY KEY,
    organisation_id TEXT   NOT NULL CONSTRAINT notification_organisation REFERENCES organisation (id),
    act_id          TEXT   NOT NULL CONSTRAINT notification_act REFERENCES act (id) DEFERRABLE INITIALLY DEFERRED,
    -- as in the record of acts: an act, a step made by date, a reminder
    kind            TEXT   NOT NULL,
    at              BIGINT NOT NULL,
    -- who did it; NULL: the public, or a date
    actor_id        TEXT   CONSTRAINT notification_actor REFERENCES organisation (id),
    -- what it is about, as it was called then
    subject_kind    TEXT   NOT NULL,
    subject         TEXT   NOT NULL,
    title           TEXT   NOT NULL,
    code            TEXT,
    number          BIGINT,
    state           TEXT,
    -- whose turn it is after it, which act is expected, and by when
    next_party      TEXT   CONSTRAINT notification_next_party CHECK (next_party IN ('owner', 'vvb', 'operator', 'date', 'nobody')),
    next_act        TEXT,
    due_on          TEXT,
    -- tonnes credited to the organisation by the act
    tonnes          BIGINT,
    read_at         BIGINT,
    CONSTRAINT notification_once UNIQUE (act_id, organisation_id)
);
CREATE INDEX notification_by_organisation ON notification (organisation_id, id);
CREATE INDEX notification_unread ON notification (organisation_id, id) WHERE read_at IS NULL;

-- What a person has chosen about mail; without a row: mail, in Chinese.
CREATE TABLE mail_choice (
    user_id     TEXT   NOT NULL CONSTRAINT mail_choice_user PRIMARY KEY REFERENCES user_account (id),
    wants_mail  BIGINT NOT NULL CONSTRAINT mail_choice_wants CHECK (wants_mail IN (0, 1)),
    language    TEXT   NOT NULL CONSTRAINT mail_choice_language CHECK (language IN ('zh', 'en'))
);

-- The outbox: one mail per notification and person, written in the same transaction. Its id is the Message-ID and, in a folder, the name
-- of the file: the same mail sent twice is the same mail.
CREATE TABLE mail (
    id              TEXT   NOT NULL CONSTRAINT mail_id PRIMARY KEY,
    notification_id TEXT   NOT NULL CONSTRAINT mail_notification REFERENCES notification (id),
    user_id         TEXT   NOT NULL CONSTRAINT mail_user REFERENCES user_account (id),
    address         TEXT   NOT NULL,
    language        TEXT   NOT NULL,
    state           TEXT   NOT NULL CONSTRAINT mail_state CHECK (state IN ('waiting', 'sending', 'sent', 'dead')),
    attempts        BIGINT NOT NULL CONSTRAINT mail_attempts CHECK (attempts >= 0),
    -- system seconds: not tried before; while it is being sent: when another process may take it over
    not_before      BIGINT NOT NULL,
    -- which process is sending it, or sent it
    claimed_by      TEXT,
    error           TEXT,
    sent_at         BIGINT,
    CONSTRAINT mail_once UNIQUE (notification_id, user_id),
    CONSTRAINT mail_sent_when CHECK ((state = 'sent') = (sent_at IS NOT NULL))
);
CREATE INDEX mail_by_state ON mail (state, not_before, id);

-- Reminders look for the due days and last days that are near.
CREATE INDEX record_by_due_day ON record (due_on) WHERE due_on IS NOT NULL;
CREATE INDEX record_by_publicity_end ON record (publicity_end, state) WHERE publicity_end IS NOT NULL;

-- Where each record is on its way, in the steps whose length is counted. Also the queue of the registry: who came earlier.
CREATE TABLE step_open (
    record_id   TEXT   NOT NULL CONSTRAINT step_open_record PRIMARY KEY REFERENCES record (id),
    kind        TEXT   NOT NULL,
    step        TEXT   NOT NULL,
    since       BIGINT NOT NULL
);
CREATE INDEX step_open_queue ON step_open (kind, step, since, record_id);

-- How many steps of a year took how many days: a page about years of work reads a few hundred rows.
CREATE TABLE step_length (
    kind        TEXT   NOT NULL,
    step        TEXT   NOT NULL,
    -- in which it ended, Beijing time
    year        BIGINT NOT NULL,
    days        BIGINT NOT NULL CONSTRAINT step_length_days CHECK (days >= 0),
    times       BIGINT NOT NULL CONSTRAINT step_length_times CHECK (times > 0),
    CONSTRAINT step_length_once PRIMARY KEY (kind, step, year, days)
);

-- The records that are on their way when this release begins. What ended before is not counted.
INSERT INTO step_open (record_id, kind, step, since)
SELECT id, kind,
       CASE state WHEN 'mandate_requested' THEN 'mandate' WHEN 'publicity_review' THEN 'publicity_review' WHEN 'in_publicity' THEN 'publicity'
           WHEN 'recall_review' THEN 'publicity' WHEN 'publicity_ended' THEN 'assessment' WHEN 'registered' THEN 'issuance' ELSE 'registration' END,
       state_since
FROM record
WHERE state IN ('mandate_requested', 'publicity_review', 'in_publicity', 'recall_review', 'publicity_ended', 'registration_review',
    'registration_paused') OR (state = 'registered' AND kind = 'report');
