-- The key of the hashes of erased addresses is outside of the database from now on. Each session of the gateway brings
-- its keys in the setting `gateway.erasure_keys`: `<id>:<hex>`, comma-separated, the first makes new hashes.

-- Keys that hashes were made with, by id. The keys themselves are not here.
CREATE TABLE erasure_key (
  id text NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT erasure_key_pkey PRIMARY KEY (id)
);

-- Only where hashes depend on it, or where a gateway without any key has to make some.
DELETE FROM erasure_secret WHERE NOT EXISTS (SELECT FROM suppression WHERE hashed);

DROP FUNCTION erased_key(text);
DROP FUNCTION keyed_hash(text, bytea);

-- The text in place of an erased address. No address begins with `#`.
CREATE FUNCTION keyed_hash(address text, prefix text, secret bytea) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT prefix || encode(sha256(secret || sha256(secret || convert_to(lower(address), 'UTF8'))), 'hex')
$$;

-- The keys that entries may have been hashed with; none while no entry is hashed. A session that lacks a key on
-- which a suppression depends gets an error: it would send mail to somebody who is to get none.
CREATE FUNCTION erased_keys() RETURNS TABLE (prefix text, secret bytea) LANGUAGE plpgsql STABLE ROWS 2 AS $$
DECLARE
  given text := coalesce(current_setting('gateway.erasure_keys', true), '');
  missing text;
BEGIN
  IF NOT EXISTS (SELECT FROM suppression WHERE hashed) THEN RETURN; END IF;
  SELECT k.id INTO missing FROM erasure_key k
  WHERE NOT EXISTS (SELECT FROM string_to_table(given, ',') AS entry WHERE left(entry, 8) = k.id)
    AND EXISTS (
      SELECT FROM suppression s
      WHERE s.hashed AND starts_with(s.address, '#' || k.id || '.') AND s.removed_at IS NULL
        AND (s.expires_at IS NULL OR s.expires_at > now())
    )
  LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'suppressions of erased addresses depend on the key %, which this process does not have', missing
      USING ERRCODE = 'GE001';
  END IF;
  RETURN QUERY
  SELECT '#' || left(entry, 8) || '.', decode(substr(entry, 10), 'hex') FROM string_to_table(given, ',') AS entry
  WHERE left(entry, 8) IN (SELECT id FROM erasure_key);
  RETURN QUERY SELECT '#', s.secret FROM erasure_secret s;
END
$$;

-- The key that makes new hashes, which is noted with the first of them. A session without keys uses one in the database.
CREATE FUNCTION newest_erased_key() RETURNS TABLE (prefix text, secret bytea) LANGUAGE plpgsql ROWS 1 AS $$
DECLARE
  entry text := split_part(coalesce(current_setting('gateway.erasure_keys', true), ''), ',', 1);
BEGIN
  IF entry = '' THEN
    INSERT INTO erasure_secret (secret)
    SELECT sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()))
    ON CONFLICT DO NOTHING;
    RETURN QUERY SELECT '#', s.secret FROM erasure_secret s;
    RETURN;
  END IF;
  INSERT INTO erasure_key (id) VALUES (left(entry, 8)) ON CONFLICT DO NOTHING;
  RETURN QUERY SELECT '#' || left(entry, 8) || '.', decode(substr(entry, 10), 'hex');
END
$$;

-- As before, with the keys of the session.
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
    AND NOT EXISTS (
      SELECT FROM erased_keys() k JOIN suppression s ON s.address = keyed_hash(a.address, k.prefix, k.secret)
      WHERE s.scope = 'all' AND s.removed_at IS NULL AND (s.expires_at IS NULL OR s.expires_at > now())
    )
$$;

CREATE OR REPLACE FUNCTION listed_recipients(of_message uuid, for_category category, first integer, last integer)
RETURNS TABLE (at integer, why text) LANGUAGE plpgsql STABLE AS $$
DECLARE
  -- One look-up by address takes as long as reading four recipients.
  short constant integer := (last - first + 1) / 4;
  listed integer := (SELECT count(*) FROM (SELECT FROM suppression LIMIT short + 1) AS entry);
  key record;
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
  FOR key IN SELECT * FROM erased_keys() LOOP
    RETURN QUERY
    SELECT DISTINCT ON (r.position) r.position,
      CASE WHEN s.source = 'bounce' THEN coalesce(s.reason, 'unknown_user') ELSE 'recipient_opted_out' END
    FROM recipient r JOIN suppression s ON s.address = keyed_hash(r.address, key.prefix, key.secret) AND s.hashed
    WHERE r.message_id = of_message AND r.position BETWEEN first AND last AND r.status IS NULL
      AND s.removed_at IS NULL AND (s.expires_at IS NULL OR s.expires_at > now())
      AND (s.scope = 'all' OR for_category = 'marketing')
    ORDER BY r.position, s.scope;
  END LOOP;
END
$$;

-- The addresses of an erasure are deleted with its end; nothing needs their hashes.
DELETE FROM erasure_address WHERE address IS NULL;
ALTER TABLE erasure_address DROP CONSTRAINT erasure_address_pkey;
ALTER TABLE erasure_address DROP COLUMN hash;
ALTER TABLE erasure_address ALTER COLUMN address SET NOT NULL;
ALTER TABLE erasure_address ADD CONSTRAINT erasure_address_pkey PRIMARY KEY (erasure_id, address);
-- How far its mail is erased without gaps: the next look begins after it.
ALTER TABLE erasure_address ADD COLUMN message_id uuid;
ALTER TABLE erasure_address ADD COLUMN position integer;
-- Nothing of its mail is left.
ALTER TABLE erasure_address ADD COLUMN mail_erased boolean NOT NULL DEFAULT false;

-- An erasure that an administrator of one client has requested: it concerns that client only.
ALTER TABLE erasure ADD COLUMN client_id uuid;
ALTER TABLE erasure ADD CONSTRAINT erasure_client_id_fkey FOREIGN KEY (client_id) REFERENCES client (id);
CREATE INDEX erasure_client_id_id_idx ON erasure (client_id, id);
-- Messages whose texts have one of the addresses, as far as they were looked at.
ALTER TABLE erasure ADD COLUMN mentions jsonb;
