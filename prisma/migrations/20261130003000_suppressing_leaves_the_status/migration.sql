-- As before, but the status of a batch without anybody left is the caller's to set, as every status of a batch is.
CREATE OR REPLACE FUNCTION suppress_recipients(of_message uuid, for_category category, first integer, last integer)
RETURNS integer[] LANGUAGE plpgsql AS $$
DECLARE
  places integer[];
  reasons jsonb;
  batches uuid[];
  starts integer[];
  marked integer;
  positions integer[];
BEGIN
  SELECT array_agg(at), jsonb_object_agg(at, why) INTO places, reasons
  FROM listed_recipients(of_message, for_category, first, last);
  IF places IS NULL THEN RETURN '{}'; END IF;
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
      counts = counts_add(b.counts, jsonb_build_object('suppressed', per_batch.n))
    FROM per_batch WHERE b.id = per_batch.id
    RETURNING per_batch.n
  )
  SELECT (SELECT coalesce(sum(n), 0) FROM moved), (SELECT array_agg(position ORDER BY position) FROM hit)
  INTO marked, positions;
  IF marked > 0 THEN
    UPDATE message
    SET counts = counts_add(counts, jsonb_build_object('suppressed', marked)), suppressed_count = suppressed_count + marked
    WHERE id = of_message;
  END IF;
  RETURN coalesce(positions, '{}');
END
$$;
