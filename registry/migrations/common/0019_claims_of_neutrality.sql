-- Claims of neutrality of an organisation in a period, and of a product: what they say, the retirements that cover them, their published
-- versions.

CREATE TABLE neutral_claim (
    id                  TEXT   NOT NULL CONSTRAINT neutral_claim_id PRIMARY KEY,
    -- N2026-000001-7: what people copy, and what a retirement names
    number              TEXT   NOT NULL CONSTRAINT neutral_claim_number UNIQUE,
    organisation_id     TEXT   NOT NULL CONSTRAINT neutral_claim_organisation REFERENCES organisation (id),
    kind                TEXT   NOT NULL CONSTRAINT neutral_claim_kind CHECK (kind IN ('organisation', 'product')),
    name                TEXT   NOT NULL CONSTRAINT neutral_claim_name CHECK (name <> ''),
    starts_on           TEXT   NOT NULL,
    ends_on             TEXT   NOT NULL,
    state               TEXT   NOT NULL CONSTRAINT neutral_claim_state CHECK (state IN ('draft', 'published', 'corrected', 'withdrawn')),
    -- as typed: JSON
    profile             TEXT   NOT NULL,
    -- whole tonnes of the footprint as typed, rounded up
    tonnes              BIGINT NOT NULL CONSTRAINT neutral_claim_tonnes CHECK (tonnes >= 1),
    -- published versions so far
    version             BIGINT NOT NULL,
    -- why it was opened for a correction, or withdrawn, last: the public sees it
    reason              TEXT,
    at                  BIGINT NOT NULL,
    act_id              TEXT   NOT NULL CONSTRAINT neutral_claim_act REFERENCES act (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT neutral_claim_has_order CHECK (starts_on <= ends_on),
    CONSTRAINT neutral_claim_published CHECK (state NOT IN ('published', 'corrected') OR version >= 1)
);
CREATE INDEX neutral_claim_by_organisation ON neutral_claim (organisation_id, id);
CREATE INDEX neutral_claim_public ON neutral_claim (id) WHERE version >= 1;

-- A retirement that covers a claim: whole, and one claim only.
CREATE TABLE neutral_unit (
    id                  TEXT   NOT NULL CONSTRAINT neutral_unit_id PRIMARY KEY,
    claim_id            TEXT   NOT NULL CONSTRAINT neutral_unit_claim REFERENCES neutral_claim (id),
    retirement_id       TEXT   NOT NULL CONSTRAINT neutral_unit_retirement REFERENCES retirement (id)
                               CONSTRAINT neutral_unit_retirement_once UNIQUE,
    tonnes              BIGINT NOT NULL CONSTRAINT neutral_unit_tonnes CHECK (tonnes >= 1),
    -- without the tonnes of carbon inclusion that no provincial or higher authority recognised
    counted_tonnes      BIGINT NOT NULL CONSTRAINT neutral_unit_counted CHECK (counted_tonnes BETWEEN 0 AND tonnes),
    at                  BIGINT NOT NULL,
    act_id              TEXT   NOT NULL CONSTRAINT neutral_unit_act REFERENCES act (id) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX neutral_unit_by_claim ON neutral_unit (claim_id, id);

-- A published version. Never changed; a correction is the next one.
CREATE TABLE neutral_version (
    claim_id            TEXT   NOT NULL CONSTRAINT neutral_version_claim REFERENCES neutral_claim (id),
    version             BIGINT NOT NULL,
    -- what it said and the retirements, as they were published: JSON
    content             TEXT   NOT NULL,
    -- tCO2e, a decimal
    footprint           TEXT   NOT NULL,
    tonnes              BIGINT NOT NULL CONSTRAINT neutral_version_tonnes CHECK (tonnes >= 1),
    covered_tonnes      BIGINT NOT NULL,
    correction          TEXT,
    published_on        TEXT   NOT NULL,
    at                  BIGINT NOT NULL,
    act_id              TEXT   NOT NULL CONSTRAINT neutral_version_act REFERENCES act (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT neutral_version_once PRIMARY KEY (claim_id, version),
    CONSTRAINT neutral_version_is_covered CHECK (covered_tonnes >= tonnes)
);
