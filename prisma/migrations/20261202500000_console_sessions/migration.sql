-- Sign-ins to the console. A session ends with its key, with DELETE /dashboard/session, or 8 hours after its last use.
CREATE TABLE console_session (
  id uuid PRIMARY KEY,
  key_id uuid NOT NULL REFERENCES api_key (id) ON DELETE CASCADE,
  -- Of the key that was typed in: a rotation ends the session when it ends the key.
  key_hash bytea NOT NULL,
  -- The client that an administrator of the gateway looks at; null: that of the key.
  client_id uuid REFERENCES client (id) ON DELETE CASCADE,
  hash bytea NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  used_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP
);
CREATE UNIQUE INDEX console_session_hash_key ON console_session (hash);
CREATE INDEX console_session_key_id_idx ON console_session (key_id);
CREATE INDEX console_session_used_at_idx ON console_session (used_at);
