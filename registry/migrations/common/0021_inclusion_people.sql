-- Carbon inclusion, the person's side (docs/decisions/0025): sign-up by mobile number, verified tallies for levels, boards and ratings,
-- groups, and expiry with notice.

-- The mobile number under which a person signs in, `+8613800138000`; who has one has no e-mail address.
ALTER TABLE user_account ADD COLUMN phone TEXT CONSTRAINT user_account_phone_shape CHECK (phone IS NULL OR phone LIKE '+86___________');
CREATE UNIQUE INDEX user_account_phone ON user_account (phone) WHERE phone IS NOT NULL;
-- Whether the address or number of the account is held to be its person's; a mobile number is not as long as no message goes to it.
ALTER TABLE inclusion_account ADD COLUMN contact TEXT NOT NULL DEFAULT 'email'
    CONSTRAINT inclusion_account_contact CHECK (contact IN ('email', 'phone_unconfirmed'));

-- A month of ten thousand acts is read from the index alone.
DROP INDEX inclusion_activity_by_day;
CREATE INDEX inclusion_activity_by_day ON inclusion_activity (account_id, day, id, scene, state, mg);
-- What can expire, without a look at what cannot.
CREATE INDEX inclusion_lot_part_held ON inclusion_lot_part (certifiable, day, account_id) WHERE place = 'held' AND mg > 0;

-- Verified acts (settled, certifiable) of an account: by day ('2026-03-10'), month ('2026-03') and year ('2026') with no scene, by scene in
-- the year and over the whole life ('all'). Written by the trigger of an act's state only; assigned_mg by that of a transfer, in the row
-- of the year of the act.
CREATE TABLE inclusion_verified (
    account_id      TEXT   NOT NULL CONSTRAINT inclusion_verified_account REFERENCES inclusion_account (id),
    period          TEXT   NOT NULL,
    scene           TEXT   NOT NULL,
    acts            BIGINT NOT NULL CONSTRAINT inclusion_verified_acts CHECK (acts >= 0),
    mg              BIGINT NOT NULL CONSTRAINT inclusion_verified_mg CHECK (mg >= 0),
    assigned_mg     BIGINT NOT NULL CONSTRAINT inclusion_verified_assigned CHECK (assigned_mg >= 0),
    CONSTRAINT inclusion_verified_once PRIMARY KEY (account_id, period, scene)
);
CREATE INDEX inclusion_verified_of_period ON inclusion_verified (period, mg, account_id) WHERE scene = '';
INSERT INTO inclusion_verified (account_id, period, scene, acts, mg, assigned_mg)
    SELECT account_id, day, '', COUNT(*), CAST(SUM(mg) AS BIGINT), 0 FROM inclusion_activity
    WHERE state = 'settled' AND certifiable = 1 AND mg > 0 GROUP BY account_id, day;
INSERT INTO inclusion_verified (account_id, period, scene, acts, mg, assigned_mg)
    SELECT account_id, substr(day, 1, 7), '', COUNT(*), CAST(SUM(mg) AS BIGINT), 0 FROM inclusion_activity
    WHERE state = 'settled' AND certifiable = 1 AND mg > 0 GROUP BY account_id, substr(day, 1, 7);
INSERT INTO inclusion_verified (account_id, period, scene, acts, mg, assigned_mg)
    SELECT account_id, substr(day, 1, 4), '', COUNT(*), CAST(SUM(mg) AS BIGINT), 0 FROM inclusion_activity
    WHERE state = 'settled' AND certifiable = 1 AND mg > 0 GROUP BY account_id, substr(day, 1, 4);
UPDATE inclusion_verified SET assigned_mg = CAST(COALESCE((SELECT SUM(p.mg) FROM inclusion_lot_part p
    WHERE p.account_id = inclusion_verified.account_id AND substr(p.day, 1, 4) = inclusion_verified.period AND p.certifiable = 1
        AND p.place IN ('pool', 'earmark', 'batch', 'haircut', 'issued')), 0) AS BIGINT)
    WHERE scene = '' AND length(period) = 4;
INSERT INTO inclusion_verified (account_id, period, scene, acts, mg, assigned_mg)
    SELECT account_id, substr(day, 1, 4), scene, COUNT(*), CAST(SUM(mg) AS BIGINT), 0 FROM inclusion_activity
    WHERE state = 'settled' AND certifiable = 1 AND mg > 0 GROUP BY account_id, substr(day, 1, 4), scene;
INSERT INTO inclusion_verified (account_id, period, scene, acts, mg, assigned_mg)
    SELECT account_id, 'all', scene, COUNT(*), CAST(SUM(mg) AS BIGINT), 0 FROM inclusion_activity
    WHERE state = 'settled' AND certifiable = 1 AND mg > 0 GROUP BY account_id, scene;

-- Groups and communities.
CREATE TABLE inclusion_group (
    id              TEXT   NOT NULL CONSTRAINT inclusion_group_id PRIMARY KEY,
    kind            TEXT   NOT NULL CONSTRAINT inclusion_group_kind CHECK (kind IN ('group', 'community')),
    name            TEXT   NOT NULL CONSTRAINT inclusion_group_name CHECK (name <> ''),
    region          TEXT   NOT NULL,
    code            TEXT   NOT NULL CONSTRAINT inclusion_group_code UNIQUE,
    created_at      BIGINT NOT NULL,
    act_id          TEXT   NOT NULL CONSTRAINT inclusion_group_act REFERENCES act (id) DEFERRABLE INITIALLY DEFERRED
);
CREATE TABLE inclusion_group_member (
    account_id      TEXT   NOT NULL CONSTRAINT inclusion_group_member_account REFERENCES inclusion_account (id),
    id              TEXT   NOT NULL,
    group_id        TEXT   NOT NULL CONSTRAINT inclusion_group_member_group REFERENCES inclusion_group (id),
    joined_at       BIGINT NOT NULL,
    left_at         BIGINT,
    act_id          TEXT   NOT NULL CONSTRAINT inclusion_group_member_act REFERENCES act (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT inclusion_group_member_id PRIMARY KEY (account_id, id),
    CONSTRAINT inclusion_group_member_order CHECK (left_at IS NULL OR left_at >= joined_at)
);
CREATE UNIQUE INDEX inclusion_group_member_once ON inclusion_group_member (account_id, group_id) WHERE left_at IS NULL;
CREATE INDEX inclusion_group_member_of_group ON inclusion_group_member (group_id, account_id) WHERE left_at IS NULL;
-- Who is on the boards is found without a look at other consents.
CREATE INDEX inclusion_consent_to_boards ON inclusion_consent (account_id, text_version) WHERE purpose = 'board' AND revoked_at IS NULL;

-- What expires, told beforehand: once for each kind and month. The amount is what there was when it was told, mg or points.
CREATE TABLE inclusion_expiry (
    account_id      TEXT   NOT NULL CONSTRAINT inclusion_expiry_account REFERENCES inclusion_account (id),
    kind            TEXT   NOT NULL CONSTRAINT inclusion_expiry_kind CHECK (kind IN ('certified', 'counted', 'activity')),
    period          TEXT   NOT NULL,
    before_day      TEXT   NOT NULL,
    expires_on      TEXT   NOT NULL,
    amount          BIGINT NOT NULL CONSTRAINT inclusion_expiry_amount CHECK (amount > 0),
    noticed_at      BIGINT NOT NULL,
    expired_at      BIGINT,
    act_id          TEXT   NOT NULL CONSTRAINT inclusion_expiry_act REFERENCES act (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT inclusion_expiry_once PRIMARY KEY (account_id, kind, period),
    CONSTRAINT inclusion_expiry_after_notice CHECK (expired_at IS NULL OR expired_at >= noticed_at)
);
CREATE INDEX inclusion_expiry_due ON inclusion_expiry (expires_on, account_id, kind, period) WHERE expired_at IS NULL;
