-- The group of an organisation's staff: the organisation sees sums of whole months of it, never a person.
CREATE TABLE inclusion_staff_group (
    organisation_id TEXT   NOT NULL CONSTRAINT inclusion_staff_group_once PRIMARY KEY
                           CONSTRAINT inclusion_staff_group_organisation REFERENCES organisation (id),
    group_id        TEXT   NOT NULL CONSTRAINT inclusion_staff_group_group REFERENCES inclusion_group (id)
                           CONSTRAINT inclusion_staff_group_own UNIQUE,
    opened_at       BIGINT NOT NULL,
    act_id          TEXT   NOT NULL CONSTRAINT inclusion_staff_group_act REFERENCES act (id) DEFERRABLE INITIALLY DEFERRED
);
-- What a member agreed to; it ends with the membership. Only whole months are counted: the first one after joining begins on from_day.
CREATE TABLE inclusion_staff_consent (
    account_id      TEXT   NOT NULL,
    member_id       TEXT   NOT NULL,
    text_version    BIGINT NOT NULL CONSTRAINT inclusion_staff_consent_version CHECK (text_version > 0),
    text_hash       TEXT   NOT NULL,
    from_day        TEXT   NOT NULL CONSTRAINT inclusion_staff_consent_first_of_month CHECK (from_day LIKE '____-__-01'),
    CONSTRAINT inclusion_staff_consent_once PRIMARY KEY (account_id, member_id),
    CONSTRAINT inclusion_staff_consent_member FOREIGN KEY (account_id, member_id) REFERENCES inclusion_group_member (account_id, id)
);
-- Figures of a month, written once after its end; what stands for too few people is not written.
CREATE TABLE inclusion_staff_month (
    group_id        TEXT   NOT NULL CONSTRAINT inclusion_staff_month_group REFERENCES inclusion_staff_group (group_id),
    month           TEXT   NOT NULL CONSTRAINT inclusion_staff_month_text CHECK (month LIKE '____-__'),
    published_on    TEXT   NOT NULL,
    people_min      BIGINT NOT NULL CONSTRAINT inclusion_staff_month_people CHECK (people_min >= 5),
    members         BIGINT CONSTRAINT inclusion_staff_month_of_enough CHECK (members IS NULL OR members >= 5),
    act_id          TEXT   NOT NULL CONSTRAINT inclusion_staff_month_act REFERENCES act (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT inclusion_staff_month_once PRIMARY KEY (group_id, month)
);
CREATE TABLE inclusion_staff_cell (
    group_id        TEXT   NOT NULL,
    month           TEXT   NOT NULL,
    -- the family of scenes; empty for the sum
    family          TEXT   NOT NULL,
    people          BIGINT,
    acts            BIGINT,
    mg              BIGINT,
    CONSTRAINT inclusion_staff_cell_once PRIMARY KEY (group_id, month, family),
    CONSTRAINT inclusion_staff_cell_month FOREIGN KEY (group_id, month) REFERENCES inclusion_staff_month (group_id, month),
    CONSTRAINT inclusion_staff_cell_of_enough CHECK (people IS NULL OR people = 0 OR people >= 5),
    CONSTRAINT inclusion_staff_cell_whole CHECK ((people IS NULL) = (acts IS NULL) AND (people IS NULL) = (mg IS NULL))
);
