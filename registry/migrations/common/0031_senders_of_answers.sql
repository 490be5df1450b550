-- Answers of the forms for attendees, counted by sender for a day: so that one sender cannot fill a form that everybody else needs. The sender
-- is a keyed hash of an address, and once more hashed with the event: without the secret of the server it leads to no address, and not from one
-- event to another. It is not kept with the answer.
CREATE TABLE answer_sender (
    id      TEXT   NOT NULL CONSTRAINT answer_sender_id PRIMARY KEY,
    sender  TEXT   NOT NULL,
    at      BIGINT NOT NULL
);
CREATE INDEX answer_sender_by_sender ON answer_sender (sender, at);
CREATE INDEX answer_sender_by_time ON answer_sender (at);
