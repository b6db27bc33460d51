-- What an uploader of a million recipients waited for after his last one: one second in which they were counted by
-- domain, another in which each was looked up in the suppression list, however short that is.

-- Who copies recipients into a partition by its name counts them on their way (`copyRecipients`). Rows that are added to
-- "recipient" itself are counted by its trigger, as before.
DO $$
DECLARE
  partition regclass;
BEGIN
  FOR partition IN SELECT inhrelid FROM pg_inherits WHERE inhparent = 'recipient'::regclass LOOP
    EXECUTE format('DROP TRIGGER IF EXISTS recipient_insert_moves_statistics ON %s', partition);
  END LOOP;
END
$$;

CREATE OR REPLACE FUNCTION ensure_partitions(months_ahead integer) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  parent text;
  first_day timestamptz;
  name text;
  made integer := 0;
BEGIN
  FOR i IN 0 .. months_ahead LOOP
    first_day := date_trunc('month', now() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC' + make_interval(months => i);
    FOREACH parent IN ARRAY ARRAY['recipient', 'event'] LOOP
      name := parent || '_' || to_char(first_day AT TIME ZONE 'UTC', 'YYYY_MM');
      CONTINUE WHEN to_regclass(format('%I', name)) IS NOT NULL;
      EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L) WITH (fillfactor = 90)', name, parent,
        uuid7_floor(first_day), uuid7_floor((first_day AT TIME ZONE 'UTC' + interval '1 month') AT TIME ZONE 'UTC'));
      made := made + 1;
    END LOOP;
  END LOOP;
  RETURN made;
END
$$;

DROP FUNCTION attach_recipient_triggers(text);

-- Recipients in a range of positions that are on the list now and have nothing of their own yet, with why.
CREATE FUNCTION listed_recipients(of_message uuid, for_category category, first integer, last integer)
RETURNS TABLE (at integer, why text) LANGUAGE plpgsql STABLE AS $$
DECLARE
  -- One look-up by address takes as long as reading four recipients.
  short constant integer := (last - first + 1) / 4;
  listed integer := (SELECT count(*) FROM (SELECT FROM suppression LIMIT short + 1) AS entry);
BEGIN
  IF listed <= short THEN
    RETURN QUERY
    SELECT DISTINCT ON (r.position) r.position,
      CASE WHEN s.source = 'bounce' THEN coalesce(s.reason, 'unknown_user') ELSE 'recipient_opted_out' END
    -- Not as a constant, and nothing about positions below: of a message that is newer than the table's statistics the
    -- planner believes that it has one recipient, and would read all of them by the key for each address.
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
END
$$;

-- As before, but nothing of it is a join that could read the message once for each hit, or each batch for each hit.
CREATE OR REPLACE FUNCTION suppress_recipients(of_message uuid, for_category category, first integer, last integer)
RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  places integer[];
  reasons jsonb;
  batches uuid[];
  starts integer[];
  marked integer;
BEGIN
  SELECT array_agg(at), jsonb_object_agg(at, why) INTO places, reasons
  FROM listed_recipients(of_message, for_category, first, last);
  IF places IS NULL THEN RETURN 0; END IF;
  SELECT array_agg(id ORDER BY position_from), array_agg(position_from ORDER BY position_from) INTO batches, starts
  FROM batch WHERE message_id = of_message AND status <> 'replanned';
  WITH hit AS (
    UPDATE recipient SET status = 'suppressed', updated_at = now(), reason = reasons ->> position::text
    WHERE message_id = of_message AND position = ANY (places) AND status IS NULL
    RETURNING position
  ), per_batch AS (
    SELECT batches[width_bucket(position, starts)] AS id, count(*)::integer AS n FROM hit GROUP BY 1
  ), moved AS (
    UPDATE batch b
    SET follower_count = b.follower_count - per_batch.n,
      counts = counts_add(b.counts, jsonb_build_object('suppressed', per_batch.n)),
      status = CASE WHEN b.follower_count = per_batch.n THEN 'settled' ELSE b.status END,
      settled_at = CASE WHEN b.follower_count = per_batch.n THEN now() ELSE b.settled_at END
    FROM per_batch WHERE b.id = per_batch.id
    RETURNING per_batch.n
  )
  SELECT coalesce(sum(n), 0) INTO marked FROM moved;
  IF marked > 0 THEN
    UPDATE message
    SET counts = counts_add(counts, jsonb_build_object('suppressed', marked)), suppressed_count = suppressed_count + marked
    WHERE id = of_message;
  END IF;
  RETURN marked;
END
$$;
