-- Holds no row. On PostgreSQL acts lock it as their first step: together, or alone if they met another act before. (SQLite has one writer.)
CREATE TABLE act_turn (
    id  BIGINT NOT NULL CONSTRAINT act_turn_id PRIMARY KEY
);
