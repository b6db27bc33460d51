-- Requests to erase everything about some addresses. `counts` and `sent` (when each account was last given mail for one
-- of them) grow in the transactions that erase. `swept`: what is not found by message is done.
CREATE TABLE erasure (
  id uuid NOT NULL,
  requested_by uuid,
  reason text,
  status text NOT NULL DEFAULT 'queued',
  requested_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  completed_at timestamptz(3),
  address_count integer NOT NULL,
  counts jsonb NOT NULL DEFAULT '{}',
  pending integer NOT NULL DEFAULT 0,
  sent jsonb NOT NULL DEFAULT '{}',
  -- Accounts with a copy that could not be erased there.
  kept text[] NOT NULL DEFAULT '{}',
  remaining jsonb NOT NULL DEFAULT '[]',
  sha256 text,
  swept boolean NOT NULL DEFAULT false,
  passes integer NOT NULL DEFAULT 0,
  next_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  lease_until timestamptz(3),
  lease_token integer NOT NULL DEFAULT 0,

  CONSTRAINT erasure_pkey PRIMARY KEY (id),
  CONSTRAINT erasure_status_is_known CHECK (status IN ('queued', 'running', 'pending', 'completed'))
);

CREATE INDEX erasure_next_at_idx ON erasure (next_at) WHERE status <> 'completed';

-- The addresses themselves are kept only until the erasure is complete.
CREATE TABLE erasure_address (
  erasure_id uuid NOT NULL,
  hash text NOT NULL,
  address text,

  CONSTRAINT erasure_address_pkey PRIMARY KEY (erasure_id, hash),
  CONSTRAINT erasure_address_erasure_id_fkey FOREIGN KEY (erasure_id) REFERENCES erasure (id) ON DELETE CASCADE
);

-- The key of the hashes, one row. Without it, addresses cannot be tried against the hashes.
CREATE TABLE erasure_secret (
  id integer NOT NULL DEFAULT 1,
  secret bytea NOT NULL,

  CONSTRAINT erasure_secret_pkey PRIMARY KEY (id),
  CONSTRAINT erasure_secret_is_one CHECK (id = 1)
);

INSERT INTO erasure_secret (secret)
SELECT sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()));

-- The key of an erased address, in place of the address itself. No address begins with `#`.
CREATE FUNCTION keyed_hash(address text, secret bytea) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT '#' || encode(sha256(secret || sha256(secret || convert_to(lower(address), 'UTF8'))), 'hex')
$$;

CREATE FUNCTION erased_key(address text) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT keyed_hash(address, (SELECT secret FROM erasure_secret))
$$;

-- `hashed`: the address is a keyed hash, because it was erased. Where no entry is, none of the look-ups by hash runs.
ALTER TABLE suppression ADD COLUMN hashed boolean NOT NULL DEFAULT false;
CREATE INDEX suppression_hashed_idx ON suppression (address) WHERE hashed;

-- Erasures find these by address, or by message.
CREATE INDEX group_copy_address_lower_idx ON group_copy_address (lower(address));
CREATE INDEX webhook_delivery_message_ids_idx ON webhook_delivery USING gin (message_ids);
-- First answers that are not found by the message in their Location.
CREATE INDEX idempotency_key_other_idx ON idempotency_key (client_id, key)
  WHERE headers ->> 'location' IS NULL OR headers ->> 'location' NOT LIKE '/v1/messages/%';

-- As before, and those whose address was erased.
CREATE OR REPLACE FUNCTION list_addresses(of_group uuid, after uuid)
RETURNS TABLE (contact_id uuid, address text) LANGUAGE sql STABLE AS $$
  SELECT m.contact_id, a.address
  FROM group_member m JOIN contact_address a ON a.contact_id = m.contact_id
  WHERE m.group_id = of_group AND m.contact_id > after
    AND NOT EXISTS (
      SELECT FROM suppression s
      WHERE s.address = lower(a.address) AND s.scope = 'all' AND s.removed_at IS NULL
        AND (s.expires_at IS NULL OR s.expires_at > now())
    )
    AND NOT (EXISTS (SELECT FROM suppression WHERE hashed) AND EXISTS (
      SELECT FROM suppression s
      WHERE s.address = erased_key(a.address) AND s.scope = 'all' AND s.removed_at IS NULL
        AND (s.expires_at IS NULL OR s.expires_at > now())
    ))
$$;

CREATE OR REPLACE FUNCTION listed_recipients(of_message uuid, for_category category, first integer, last integer)
RETURNS TABLE (at integer, why text) LANGUAGE plpgsql STABLE AS $$
DECLARE
  -- One look-up by address takes as long as reading four recipients.
  short constant integer := (last - first + 1) / 4;
  listed integer := (SELECT count(*) FROM (SELECT FROM suppression LIMIT short + 1) AS entry);
  key bytea;
BEGIN
  IF listed <= short THEN
    RETURN QUERY
    SELECT DISTINCT ON (r.position) r.position,
      CASE WHEN s.source = 'bounce' THEN coalesce(s.reason, 'unknown_user') ELSE 'recipient_opted_out' END
    -- The message's id is not a constant here, and positions are not compared in the inner query: for a message newer
    -- than the table's statistics the planner assumes one recipient, and would read all of them for each address.
    FROM (SELECT of_message AS id OFFSET 0) AS m
    CROSS JOIN suppression s
    CROSS JOIN LATERAL (
      SELECT position FROM recipient
      WHERE message_id = m.id AND lower(address) = s.address AND status IS NULL OFFSET 0
    ) AS r
    WHERE r.position BETWEEN first AND last AND s.removed_at IS NULL AND (s.expires_at IS NULL OR s.expires_at > now())
      AND (s.scope = 'all' OR for_category = 'marketing')
    ORDER BY r.position, s.scope;
  ELSE
    RETURN QUERY
    SELECT DISTINCT ON (r.position) r.position,
      CASE WHEN s.source = 'bounce' THEN coalesce(s.reason, 'unknown_user') ELSE 'recipient_opted_out' END
    FROM recipient r JOIN suppression s ON s.address = lower(r.address)
    WHERE r.message_id = of_message AND r.position BETWEEN first AND last AND r.status IS NULL
      AND s.removed_at IS NULL AND (s.expires_at IS NULL OR s.expires_at > now())
      AND (s.scope = 'all' OR for_category = 'marketing')
    ORDER BY r.position, s.scope;
  END IF;
  IF NOT EXISTS (SELECT FROM suppression WHERE hashed) THEN RETURN; END IF;
  SELECT secret INTO key FROM erasure_secret;
  RETURN QUERY
  SELECT DISTINCT ON (r.position) r.position,
    CASE WHEN s.source = 'bounce' THEN coalesce(s.reason, 'unknown_user') ELSE 'recipient_opted_out' END
  FROM recipient r JOIN suppression s ON s.address = keyed_hash(r.address, key) AND s.hashed
  WHERE r.message_id = of_message AND r.position BETWEEN first AND last AND r.status IS NULL
    AND s.removed_at IS NULL AND (s.expires_at IS NULL OR s.expires_at > now())
    AND (s.scope = 'all' OR for_category = 'marketing')
  ORDER BY r.position, s.scope;
END
$$;
