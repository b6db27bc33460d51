-- What a key may do, from where, until when and how fast. An empty list: no limit.
ALTER TABLE api_key
  ADD COLUMN expires_at timestamptz(3),
  ADD COLUMN allowed_ips text[] NOT NULL DEFAULT '{}',
  ADD COLUMN allowed_from text[] NOT NULL DEFAULT '{}',
  ADD COLUMN allowed_accounts text[] NOT NULL DEFAULT '{}',
  ADD COLUMN needs_release boolean NOT NULL DEFAULT false,
  ADD COLUMN requests_per_second integer,
  ADD COLUMN recipients_per_second integer,
  -- Written now and then, not for each request.
  ADD COLUMN last_used_at timestamptz(3);

-- Secrets that a rotation has replaced. Rows stay: a secret that was rotated out never becomes a key again.
CREATE TABLE rotated_key (
  hash bytea PRIMARY KEY,
  api_key_id uuid NOT NULL REFERENCES api_key (id) ON DELETE CASCADE,
  valid_until timestamptz(3) NOT NULL
);
CREATE INDEX rotated_key_of ON rotated_key (api_key_id);

-- What was taken of a key's rate in the current second, by all apis together. Lost in a crash, and then begun anew.
CREATE UNLOGGED TABLE key_pace (
  api_key_id uuid NOT NULL,
  -- 0: requests, 1: recipients
  kind smallint NOT NULL,
  since timestamptz NOT NULL,
  used integer NOT NULL,
  granted integer NOT NULL,
  PRIMARY KEY (api_key_id, kind)
);
