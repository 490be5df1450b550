-- Personal access tokens: the key of a program that acts for a user through the REST interface. Only the SHA-256 of a token is kept.
CREATE TABLE access_token (
    id          TEXT   NOT NULL CONSTRAINT access_token_id PRIMARY KEY,
    user_id     TEXT   NOT NULL CONSTRAINT access_token_user REFERENCES user_account (id),
    name        TEXT   NOT NULL,
    hash        TEXT   NOT NULL CONSTRAINT access_token_hash UNIQUE,
    created_at  BIGINT NOT NULL,
    expires_at  BIGINT NOT NULL,
    -- NULL while it may be used
    revoked_at  BIGINT
);
CREATE INDEX access_token_by_user ON access_token (user_id, id);
