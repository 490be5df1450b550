-- Carbon inclusion (docs/decisions/0020): the personal account, its consents, its acts, and two ledgers, milligrams and points.
-- Every row of a person begins with account_id, so that PostgreSQL can be partitioned or spread by it. What must be unique over all
-- accounts (an order of a provider, a meter, a device) has a table of its own, keyed by that.

-- A credit that comes from personal acts is not a national one, and says so wherever it goes.
ALTER TABLE credit_class ADD COLUMN unit_kind TEXT NOT NULL DEFAULT 'ccer'
    CONSTRAINT credit_class_unit_kind CHECK (unit_kind IN ('ccer', 'inclusion'));
ALTER TABLE credit_class ADD COLUMN recognition TEXT NOT NULL DEFAULT 'national'
    CONSTRAINT credit_class_recognition CHECK (recognition IN ('national', 'provincial', 'municipal', 'none'));

CREATE TABLE inclusion_account (
    id              TEXT   NOT NULL CONSTRAINT inclusion_account_id PRIMARY KEY
                           CONSTRAINT inclusion_account_party REFERENCES organisation (id),
    user_id         TEXT   NOT NULL CONSTRAINT inclusion_account_person UNIQUE REFERENCES user_account (id),
    region          TEXT   NOT NULL,
    identity_level  TEXT   NOT NULL CONSTRAINT inclusion_account_identity CHECK (identity_level IN ('contact', 'real_name')),
    is_minor        BIGINT NOT NULL CONSTRAINT inclusion_account_is_minor CHECK (is_minor IN (0, 1)),
    guardian        TEXT,
    state           TEXT   NOT NULL CONSTRAINT inclusion_account_state CHECK (state IN ('open', 'suspended', 'closed')),
    suspended_until TEXT,
    nickname        TEXT,
    opened_at       BIGINT NOT NULL,
    closed_at       BIGINT,
    CONSTRAINT inclusion_account_minor_has_guardian CHECK (is_minor = 0 OR guardian IS NOT NULL),
    CONSTRAINT inclusion_account_closed_has_a_moment CHECK ((state = 'closed') = (closed_at IS NOT NULL)),
    CONSTRAINT inclusion_account_suspended_has_an_end CHECK ((state = 'suspended') = (suspended_until IS NOT NULL))
);

-- An operator whose records we take in. The lower its precedence number, the better its record of a trip.
CREATE TABLE inclusion_provider (
    id              TEXT   NOT NULL CONSTRAINT inclusion_provider_id PRIMARY KEY,
    name            TEXT   NOT NULL CONSTRAINT inclusion_provider_name UNIQUE,
    precedence      BIGINT NOT NULL CONSTRAINT inclusion_provider_precedence CHECK (precedence BETWEEN 1 AND 5),
    evidence        TEXT   NOT NULL CONSTRAINT inclusion_provider_evidence CHECK (evidence IN ('T1', 'T2')),
    -- codes of scenes between commas, with one at both ends
    scenes          TEXT   NOT NULL CONSTRAINT inclusion_provider_scenes CHECK (scenes LIKE ',%,'),
    agreement       TEXT   NOT NULL CONSTRAINT inclusion_provider_agreement CHECK (agreement <> ''),
    secret          TEXT   NOT NULL,
    state           TEXT   NOT NULL CONSTRAINT inclusion_provider_state CHECK (state IN ('active', 'ended')),
    added_at        BIGINT NOT NULL,
    act_id          TEXT   NOT NULL CONSTRAINT inclusion_provider_act REFERENCES act (id) DEFERRABLE INITIALLY DEFERRED
);

-- The name under which a provider knows a person: made here at the first consent, so that nobody can name another one's card.
CREATE TABLE inclusion_link (
    provider_id     TEXT   NOT NULL CONSTRAINT inclusion_link_provider REFERENCES inclusion_provider (id),
    reference       TEXT   NOT NULL,
    account_id      TEXT   NOT NULL CONSTRAINT inclusion_link_account REFERENCES inclusion_account (id),
    CONSTRAINT inclusion_link_reference PRIMARY KEY (provider_id, reference),
    CONSTRAINT inclusion_link_once UNIQUE (account_id, provider_id)
);

-- One consent per purpose, source and scene; the text that was agreed to by version and hash. It ends once and never begins again.
CREATE TABLE inclusion_consent (
    account_id      TEXT   NOT NULL CONSTRAINT inclusion_consent_account REFERENCES inclusion_account (id),
    id              TEXT   NOT NULL,
    purpose         TEXT   NOT NULL CONSTRAINT inclusion_consent_purpose CHECK (purpose IN ('account', 'source', 'assignment', 'board')),
    provider_id     TEXT   NOT NULL,
    scene           TEXT   NOT NULL,
    text_version    BIGINT NOT NULL CONSTRAINT inclusion_consent_version CHECK (text_version > 0),
    text_hash       TEXT   NOT NULL,
    by_guardian     TEXT,
    granted_at      BIGINT NOT NULL,
    revoked_at      BIGINT,
    act_id          TEXT   NOT NULL CONSTRAINT inclusion_consent_act REFERENCES act (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT inclusion_consent_id PRIMARY KEY (account_id, id),
    CONSTRAINT inclusion_consent_of_a_source CHECK ((purpose = 'source') = (provider_id <> '') AND (purpose = 'source') = (scene <> '')),
    CONSTRAINT inclusion_consent_order CHECK (revoked_at IS NULL OR revoked_at >= granted_at)
);
CREATE UNIQUE INDEX inclusion_consent_one_live ON inclusion_consent (account_id, purpose, provider_id, scene) WHERE revoked_at IS NULL;

-- One act of a person. With milligrams it is a lot: what the ledger moves.
CREATE TABLE inclusion_activity (
    account_id      TEXT   NOT NULL CONSTRAINT inclusion_activity_account REFERENCES inclusion_account (id),
    id              TEXT   NOT NULL,
    scene           TEXT   NOT NULL,
    source          TEXT   NOT NULL CONSTRAINT inclusion_activity_source CHECK (source IN ('provider', 'person')),
    provider_id     TEXT   NOT NULL,
    -- the provider's number of the order, salted and hashed
    fingerprint     TEXT   NOT NULL,
    body_hash       TEXT   NOT NULL,
    evidence        TEXT   NOT NULL CONSTRAINT inclusion_activity_evidence CHECK (evidence IN ('T1', 'T2', 'T3', 'T4')),
    evidence_file   TEXT,
    day             TEXT   NOT NULL,
    started_at      BIGINT,
    ended_at        BIGINT,
    precedence      BIGINT NOT NULL,
    region          TEXT   NOT NULL,
    quantity        TEXT   NOT NULL,
    counted         TEXT   NOT NULL,
    certifiable     BIGINT NOT NULL CONSTRAINT inclusion_activity_certifiable CHECK (certifiable IN (0, 1)),
    mg              BIGINT NOT NULL CONSTRAINT inclusion_activity_mg CHECK (mg >= 0),
    activity_points BIGINT NOT NULL CONSTRAINT inclusion_activity_points CHECK (activity_points >= 0),
    -- the event this trip led to, if any: it may not be given to that event
    campaign_id     TEXT   NOT NULL,
    consent_id      TEXT   NOT NULL,
    parameter_set   BIGINT NOT NULL,
    -- what the calculator was given, with what was counted before: it can be run again
    input           TEXT   NOT NULL,
    state           TEXT   NOT NULL CONSTRAINT inclusion_activity_state CHECK (state IN ('pending', 'review', 'settled', 'void')),
    settle_on       TEXT   NOT NULL,
    reason          TEXT,
    appeal          TEXT,
    received_at     BIGINT NOT NULL,
    act_id          TEXT   NOT NULL CONSTRAINT inclusion_activity_act REFERENCES act (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT inclusion_activity_id PRIMARY KEY (account_id, id),
    -- what a transfer must agree with
    CONSTRAINT inclusion_activity_identity UNIQUE (account_id, id, certifiable, campaign_id),
    CONSTRAINT inclusion_activity_consent FOREIGN KEY (account_id, consent_id) REFERENCES inclusion_consent (account_id, id),
    CONSTRAINT inclusion_activity_self_report_is_nothing CHECK (evidence <> 'T4' OR mg = 0),
    CONSTRAINT inclusion_activity_weak_is_not_certifiable CHECK (certifiable = 0 OR evidence IN ('T1', 'T2')),
    CONSTRAINT inclusion_activity_person_is_weak CHECK (source = 'provider' OR evidence IN ('T3', 'T4')),
    CONSTRAINT inclusion_activity_times CHECK ((started_at IS NULL) = (ended_at IS NULL) AND (ended_at IS NULL OR ended_at >= started_at))
);
CREATE INDEX inclusion_activity_by_day ON inclusion_activity (account_id, day, id);
CREATE INDEX inclusion_activity_due ON inclusion_activity (settle_on, account_id, id) WHERE state = 'pending';
CREATE INDEX inclusion_activity_in_review ON inclusion_activity (id) WHERE state = 'review';
CREATE INDEX inclusion_activity_by_scene ON inclusion_activity (scene, region, day);

-- Every record of the world is used once, whoever brings it.
CREATE TABLE inclusion_fingerprint (
    fingerprint     TEXT   NOT NULL CONSTRAINT inclusion_fingerprint_once PRIMARY KEY,
    account_id      TEXT   NOT NULL,
    activity_id     TEXT   NOT NULL,
    CONSTRAINT inclusion_fingerprint_activity FOREIGN KEY (account_id, activity_id)
        REFERENCES inclusion_activity (account_id, id) DEFERRABLE INITIALLY DEFERRED
);
CREATE TABLE inclusion_meter (
    meter           TEXT   NOT NULL CONSTRAINT inclusion_meter_once PRIMARY KEY,
    account_id      TEXT   NOT NULL CONSTRAINT inclusion_meter_account REFERENCES inclusion_account (id)
);
CREATE TABLE inclusion_device (
    device          TEXT   NOT NULL,
    account_id      TEXT   NOT NULL CONSTRAINT inclusion_device_account REFERENCES inclusion_account (id),
    CONSTRAINT inclusion_device_once PRIMARY KEY (device, account_id)
);
CREATE INDEX inclusion_device_by_account ON inclusion_device (account_id);

-- What an account had counted, for the limits: by scene and period ('2026-03-10', '2026-W11', '2026-03', '2026'); quantities in 1/10000 of
-- the scene's unit. The scene '#travel' counts milligrams of travel.
CREATE TABLE inclusion_tally (
    account_id      TEXT   NOT NULL CONSTRAINT inclusion_tally_account REFERENCES inclusion_account (id),
    scene           TEXT   NOT NULL,
    period          TEXT   NOT NULL,
    acts            BIGINT NOT NULL CONSTRAINT inclusion_tally_acts CHECK (acts >= 0),
    quantity        BIGINT NOT NULL CONSTRAINT inclusion_tally_quantity CHECK (quantity >= 0),
    CONSTRAINT inclusion_tally_once PRIMARY KEY (account_id, scene, period)
);

-- Where every milligram of every lot is now. Written by the trigger of a transfer only.
CREATE TABLE inclusion_lot_part (
    account_id      TEXT   NOT NULL,
    lot_id          TEXT   NOT NULL,
    place           TEXT   NOT NULL,
    place_ref       TEXT   NOT NULL,
    day             TEXT   NOT NULL,
    certifiable     BIGINT NOT NULL,
    mg              BIGINT NOT NULL CONSTRAINT inclusion_lot_part_never_overdrawn CHECK (mg >= 0),
    CONSTRAINT inclusion_lot_part_once PRIMARY KEY (account_id, lot_id, place, place_ref),
    CONSTRAINT inclusion_lot_part_lot FOREIGN KEY (account_id, lot_id) REFERENCES inclusion_activity (account_id, id)
);
CREATE INDEX inclusion_lot_part_in_order ON inclusion_lot_part (account_id, place, place_ref, day, lot_id) WHERE mg > 0;
CREATE INDEX inclusion_lot_part_of_place ON inclusion_lot_part (place, place_ref, day) WHERE mg > 0;

-- What one account has in a place, read and never summed.
CREATE TABLE inclusion_balance (
    account_id      TEXT   NOT NULL CONSTRAINT inclusion_balance_account REFERENCES inclusion_account (id),
    place           TEXT   NOT NULL,
    mg              BIGINT NOT NULL CONSTRAINT inclusion_balance_never_overdrawn CHECK (mg >= 0),
    CONSTRAINT inclusion_balance_once PRIMARY KEY (account_id, place)
);
-- What is in a place that many share, in sixteen rows so that many may write at once.
CREATE TABLE inclusion_total (
    place           TEXT   NOT NULL,
    place_ref       TEXT   NOT NULL,
    shard           BIGINT NOT NULL CONSTRAINT inclusion_total_shard CHECK (shard BETWEEN 0 AND 15),
    mg              BIGINT NOT NULL CONSTRAINT inclusion_total_never_overdrawn CHECK (mg >= 0),
    CONSTRAINT inclusion_total_once PRIMARY KEY (place, place_ref, shard)
);

-- The ledger of milligrams. Inserting a row moves the part, both balances and the totals, by trigger.
CREATE TABLE inclusion_transfer (
    account_id      TEXT   NOT NULL,
    id              TEXT   NOT NULL,
    lot_id          TEXT   NOT NULL,
    lot_day         TEXT   NOT NULL,
    certifiable     BIGINT NOT NULL,
    campaign_id     TEXT   NOT NULL,
    debit_place     TEXT   NOT NULL,
    debit_ref       TEXT   NOT NULL,
    credit_place    TEXT   NOT NULL,
    credit_ref      TEXT   NOT NULL,
    mg              BIGINT NOT NULL CONSTRAINT inclusion_transfer_positive CHECK (mg > 0),
    consent_id      TEXT   NOT NULL,
    shard           BIGINT NOT NULL,
    at              BIGINT NOT NULL,
    act_id          TEXT   NOT NULL CONSTRAINT inclusion_transfer_act REFERENCES act (id) DEFERRABLE INITIALLY DEFERRED,
    position        BIGINT NOT NULL,
    CONSTRAINT inclusion_transfer_id PRIMARY KEY (account_id, id),
    CONSTRAINT inclusion_transfer_once UNIQUE (account_id, act_id, position),
    CONSTRAINT inclusion_transfer_lot FOREIGN KEY (account_id, lot_id, certifiable, campaign_id)
        REFERENCES inclusion_activity (account_id, id, certifiable, campaign_id),
    -- the movements there are; what is void, deducted, unassigned or issued never moves again
    CONSTRAINT inclusion_transfer_movement CHECK (debit_place || '>' || credit_place IN (
        'source>pending', 'pending>held', 'pending>void', 'pending>void_closed',
        'held>pool', 'held>earmark', 'held>unassigned', 'held>void', 'held>void_expired', 'held>void_closed',
        'pool>void', 'pool>batch', 'earmark>held', 'earmark>void', 'earmark>batch',
        'batch>haircut', 'batch>issued', 'batch>pool', 'batch>earmark', 'batch>void')),
    CONSTRAINT inclusion_transfer_debit_named CHECK ((debit_place IN ('earmark', 'batch')) = (debit_ref <> '')),
    CONSTRAINT inclusion_transfer_credit_named CHECK ((credit_place IN ('earmark', 'batch', 'haircut', 'issued')) = (credit_ref <> '')),
    CONSTRAINT inclusion_transfer_only_certifiable CHECK (certifiable = 1 OR credit_place NOT IN ('pool', 'earmark', 'batch', 'issued')),
    CONSTRAINT inclusion_transfer_assigned_with_consent CHECK (
        debit_place <> 'held' OR credit_place NOT IN ('pool', 'earmark') OR consent_id <> ''),
    -- a trip to an event already lowers the event's own footprint
    CONSTRAINT inclusion_transfer_not_to_its_own_event CHECK (credit_place <> 'earmark' OR campaign_id = '' OR campaign_id <> credit_ref)
);
CREATE UNIQUE INDEX inclusion_transfer_lot_begins_once ON inclusion_transfer (account_id, lot_id) WHERE debit_place = 'source';
CREATE INDEX inclusion_transfer_by_lot ON inclusion_transfer (account_id, lot_id, id);

-- The ledger of points: green points are grams that were settled, activity points are never carbon.
CREATE TABLE inclusion_point_balance (
    account_id      TEXT   NOT NULL CONSTRAINT inclusion_point_balance_account REFERENCES inclusion_account (id),
    unit            TEXT   NOT NULL CONSTRAINT inclusion_point_balance_unit CHECK (unit IN ('green', 'activity')),
    place           TEXT   NOT NULL,
    points          BIGINT NOT NULL,
    CONSTRAINT inclusion_point_balance_once PRIMARY KEY (account_id, unit, place),
    CONSTRAINT inclusion_point_balance_never_overdrawn CHECK (points >= 0 OR place IN ('mint', 'debt')),
    CONSTRAINT inclusion_point_balance_mint_only_gives CHECK (points <= 0 OR place NOT IN ('mint', 'debt'))
);
CREATE TABLE inclusion_point_transfer (
    account_id      TEXT   NOT NULL CONSTRAINT inclusion_point_transfer_account REFERENCES inclusion_account (id),
    id              TEXT   NOT NULL,
    unit            TEXT   NOT NULL CONSTRAINT inclusion_point_transfer_unit CHECK (unit IN ('green', 'activity')),
    debit_place     TEXT   NOT NULL,
    credit_place    TEXT   NOT NULL,
    points          BIGINT NOT NULL CONSTRAINT inclusion_point_transfer_positive CHECK (points > 0),
    -- the act, order, gift or lot it is about
    about           TEXT   NOT NULL,
    at              BIGINT NOT NULL,
    act_id          TEXT   NOT NULL CONSTRAINT inclusion_point_transfer_act REFERENCES act (id) DEFERRABLE INITIALLY DEFERRED,
    position        BIGINT NOT NULL,
    CONSTRAINT inclusion_point_transfer_id PRIMARY KEY (account_id, id),
    CONSTRAINT inclusion_point_transfer_once UNIQUE (account_id, act_id, position),
    CONSTRAINT inclusion_point_transfer_movement CHECK (debit_place || '>' || credit_place IN (
        'mint>available', 'mint>debt', 'available>frozen', 'frozen>available', 'frozen>spent_shop', 'available>spent_gift',
        'spent_gift>available', 'available>expired', 'available>clawback', 'debt>clawback')),
    CONSTRAINT inclusion_point_transfer_activity_is_no_carbon CHECK (unit = 'green' OR credit_place <> 'spent_gift')
);
CREATE INDEX inclusion_point_transfer_by_account ON inclusion_point_transfer (account_id, id);

-- The shop.
CREATE TABLE inclusion_goods (
    id              TEXT   NOT NULL CONSTRAINT inclusion_goods_id PRIMARY KEY,
    title           TEXT   NOT NULL CONSTRAINT inclusion_goods_title CHECK (title <> ''),
    unit            TEXT   NOT NULL CONSTRAINT inclusion_goods_unit CHECK (unit IN ('green', 'activity')),
    price           BIGINT NOT NULL CONSTRAINT inclusion_goods_price CHECK (price > 0),
    stock           BIGINT NOT NULL CONSTRAINT inclusion_goods_stock_never_negative CHECK (stock >= 0),
    month_quota     BIGINT NOT NULL CONSTRAINT inclusion_goods_quota CHECK (month_quota > 0),
    -- who pays: the sale of assigned reductions, or a marketing budget
    funding         TEXT   NOT NULL CONSTRAINT inclusion_goods_funding CHECK (funding IN ('assignment', 'marketing')),
    state           TEXT   NOT NULL CONSTRAINT inclusion_goods_state CHECK (state IN ('offered', 'ended')),
    act_id          TEXT   NOT NULL CONSTRAINT inclusion_goods_act REFERENCES act (id) DEFERRABLE INITIALLY DEFERRED
);
CREATE TABLE inclusion_order (
    account_id      TEXT   NOT NULL CONSTRAINT inclusion_order_account REFERENCES inclusion_account (id),
    id              TEXT   NOT NULL,
    goods_id        TEXT   NOT NULL CONSTRAINT inclusion_order_goods REFERENCES inclusion_goods (id),
    unit            TEXT   NOT NULL,
    points          BIGINT NOT NULL CONSTRAINT inclusion_order_points CHECK (points > 0),
    state           TEXT   NOT NULL CONSTRAINT inclusion_order_state CHECK (state IN ('frozen', 'fulfilled', 'cancelled')),
    voucher         TEXT   CONSTRAINT inclusion_order_voucher UNIQUE,
    month           TEXT   NOT NULL,
    placed_at       BIGINT NOT NULL,
    decided_at      BIGINT,
    CONSTRAINT inclusion_order_id PRIMARY KEY (account_id, id),
    CONSTRAINT inclusion_order_voucher_when_fulfilled CHECK ((state = 'fulfilled') = (voucher IS NOT NULL)),
    CONSTRAINT inclusion_order_decided CHECK ((state = 'frozen') = (decided_at IS NULL))
);
CREATE INDEX inclusion_order_waiting ON inclusion_order (id) WHERE state = 'frozen';

-- A call for grams by the organiser of an event.
CREATE TABLE inclusion_campaign (
    id              TEXT   NOT NULL CONSTRAINT inclusion_campaign_id PRIMARY KEY,
    organisation_id TEXT   NOT NULL CONSTRAINT inclusion_campaign_organiser REFERENCES organisation (id),
    title           TEXT   NOT NULL CONSTRAINT inclusion_campaign_title CHECK (title <> ''),
    target_mg       BIGINT NOT NULL CONSTRAINT inclusion_campaign_target CHECK (target_mg > 0),
    closes_on       TEXT   NOT NULL,
    state           TEXT   NOT NULL CONSTRAINT inclusion_campaign_state CHECK (state IN ('open', 'cancelled')),
    opened_at       BIGINT NOT NULL,
    act_id          TEXT   NOT NULL CONSTRAINT inclusion_campaign_act REFERENCES act (id) DEFERRABLE INITIALLY DEFERRED
);
CREATE TABLE inclusion_gift (
    account_id      TEXT   NOT NULL CONSTRAINT inclusion_gift_account REFERENCES inclusion_account (id),
    id              TEXT   NOT NULL,
    campaign_id     TEXT   NOT NULL CONSTRAINT inclusion_gift_campaign REFERENCES inclusion_campaign (id),
    points          BIGINT NOT NULL CONSTRAINT inclusion_gift_points CHECK (points > 0),
    state           TEXT   NOT NULL CONSTRAINT inclusion_gift_state CHECK (state IN ('given', 'returned')),
    at              BIGINT NOT NULL,
    CONSTRAINT inclusion_gift_id PRIMARY KEY (account_id, id)
);
CREATE INDEX inclusion_gift_by_campaign ON inclusion_gift (campaign_id, state, account_id, id);

-- From grams to tonnes.
CREATE TABLE inclusion_batch (
    id              TEXT   NOT NULL CONSTRAINT inclusion_batch_id PRIMARY KEY,
    number          TEXT   NOT NULL CONSTRAINT inclusion_batch_number UNIQUE,
    region          TEXT   NOT NULL,
    period_start    TEXT   NOT NULL,
    period_end      TEXT   NOT NULL,
    holder_id       TEXT   NOT NULL CONSTRAINT inclusion_batch_holder REFERENCES organisation (id),
    vvb_id          TEXT   NOT NULL CONSTRAINT inclusion_batch_vvb REFERENCES organisation (id),
    recognition     TEXT   NOT NULL CONSTRAINT inclusion_batch_recognition CHECK (recognition IN ('provincial', 'municipal', 'none')),
    statement       TEXT   NOT NULL CONSTRAINT inclusion_batch_statement CHECK (statement <> ''),
    state           TEXT   NOT NULL CONSTRAINT inclusion_batch_state CHECK (state IN ('frozen', 'in_notice', 'issued', 'rejected')),
    merkle_root     TEXT   NOT NULL,
    lots            BIGINT NOT NULL CONSTRAINT inclusion_batch_lots CHECK (lots > 0),
    accounts        BIGINT NOT NULL,
    mg              BIGINT NOT NULL CONSTRAINT inclusion_batch_mg CHECK (mg > 0),
    sample_size     BIGINT,
    sample_errors   BIGINT,
    opinion         TEXT,
    -- in 1/10000
    haircut_share   BIGINT CONSTRAINT inclusion_batch_haircut_share CHECK (haircut_share BETWEEN 0 AND 10000),
    haircut_mg      BIGINT,
    issued_tonnes   BIGINT,
    returned_mg     BIGINT,
    notice_first    TEXT,
    notice_last     TEXT,
    calendar_version TEXT,
    class_id        TEXT   CONSTRAINT inclusion_batch_class REFERENCES credit_class (id),
    serial_start    BIGINT,
    serial_end      BIGINT,
    reason          TEXT,
    frozen_at       BIGINT NOT NULL,
    issued_at       BIGINT,
    act_id          TEXT   NOT NULL CONSTRAINT inclusion_batch_act REFERENCES act (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT inclusion_batch_serials_once UNIQUE (class_id, serial_start),
    CONSTRAINT inclusion_batch_issued_within_verified CHECK (
        issued_tonnes IS NULL OR issued_tonnes * 1000000000 + haircut_mg + returned_mg = mg),
    CONSTRAINT inclusion_batch_serials_are_tonnes CHECK (
        (serial_start IS NULL) = (class_id IS NULL) AND (class_id IS NULL OR serial_end - serial_start + 1 = issued_tonnes)),
    CONSTRAINT inclusion_batch_issued CHECK ((state = 'issued') = (issued_tonnes IS NOT NULL))
);
CREATE TABLE inclusion_batch_item (
    batch_id        TEXT   NOT NULL CONSTRAINT inclusion_batch_item_batch REFERENCES inclusion_batch (id),
    position        BIGINT NOT NULL CONSTRAINT inclusion_batch_item_position CHECK (position >= 0),
    account_id      TEXT   NOT NULL,
    lot_id          TEXT   NOT NULL,
    origin_place    TEXT   NOT NULL CONSTRAINT inclusion_batch_item_origin CHECK (origin_place IN ('pool', 'earmark')),
    origin_ref      TEXT   NOT NULL,
    mg              BIGINT NOT NULL CONSTRAINT inclusion_batch_item_mg CHECK (mg > 0),
    leaf            TEXT   NOT NULL,
    -- once issued: where its milligrams begin on the line of the batch's tonnes
    line_start      BIGINT,
    haircut_mg      BIGINT,
    issued_mg       BIGINT,
    returned_mg     BIGINT,
    CONSTRAINT inclusion_batch_item_position_once PRIMARY KEY (batch_id, position),
    CONSTRAINT inclusion_batch_item_once UNIQUE (batch_id, account_id, lot_id, origin_place, origin_ref),
    CONSTRAINT inclusion_batch_item_lot FOREIGN KEY (account_id, lot_id) REFERENCES inclusion_activity (account_id, id),
    CONSTRAINT inclusion_batch_item_whole CHECK (line_start IS NULL OR haircut_mg + issued_mg + returned_mg = mg)
);
CREATE INDEX inclusion_batch_item_by_lot ON inclusion_batch_item (account_id, lot_id);
CREATE INDEX inclusion_batch_item_by_line ON inclusion_batch_item (batch_id, line_start);
