-- The boundary of a project: set and removed while its document is written, public with the document. Kept as normalised GeoJSON with seven
-- decimals, so that every reader sees the same digits; the rectangle around it, in 1e-6 degrees, finds the few others that could overlap.
CREATE TABLE boundary (
    project_id      TEXT   NOT NULL CONSTRAINT boundary_project REFERENCES record (id),
    geojson         TEXT   NOT NULL,
    west            BIGINT NOT NULL,
    south           BIGINT NOT NULL,
    east            BIGINT NOT NULL,
    north           BIGINT NOT NULL,
    -- on the ellipsoid, holes taken out, rounded down
    area_m2         BIGINT NOT NULL CONSTRAINT boundary_has_area CHECK (area_m2 > 0),
    plots           BIGINT NOT NULL CONSTRAINT boundary_has_plots CHECK (plots > 0),
    points          BIGINT NOT NULL,
    -- the file it came from: what kind, its name, what it held
    file_kind       TEXT   NOT NULL CONSTRAINT boundary_file_kind CHECK (file_kind IN ('GeoJSON', 'KML', 'Shapefile')),
    file_name       TEXT   NOT NULL,
    file_sha256     TEXT   NOT NULL,
    set_at          BIGINT NOT NULL,
    act_id          TEXT   NOT NULL CONSTRAINT boundary_act REFERENCES act (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT boundary_once PRIMARY KEY (project_id),
    CONSTRAINT boundary_in_order CHECK (west <= east AND south <= north)
);
CREATE INDEX boundary_by_place ON boundary (west, east);
