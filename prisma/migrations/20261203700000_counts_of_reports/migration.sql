-- As before, but not for the statement of `move_counts`, which moves the counts of messages by itself.
CREATE OR REPLACE FUNCTION batches_move_counts() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  ids uuid[];
  deltas jsonb[];
BEGIN
  IF current_setting('gateway.reports_move_counts', true) = 'on' THEN RETURN NULL; END IF;
  SELECT array_agg(message_id), array_agg(delta) INTO ids, deltas
  FROM (
    SELECT message_id, jsonb_object_agg(status, n) AS delta
    FROM (
      SELECT message_id, status, sum(n) AS n
      FROM (
        SELECT message_id, inherited_status(status) AS status, -follower_count AS n FROM before
        UNION ALL SELECT message_id, inherited_status(status), follower_count FROM after
      ) AS step
      GROUP BY message_id, status
    ) AS total
    WHERE n <> 0 GROUP BY message_id
  ) AS moved;
  IF ids IS NULL THEN RETURN NULL; END IF;
  -- In order: two statements that hold each other's messages would deadlock.
  IF cardinality(ids) > 1 THEN
    PERFORM FROM message WHERE id = ANY (ids) ORDER BY id FOR NO KEY UPDATE;
  END IF;
  UPDATE message m SET counts = counts_add(m.counts, d.delta)
  -- The list adds no condition, but makes the planner use the key whatever it believes about the table's size.
  FROM unnest(ids, deltas) AS d (id, delta) WHERE m.id = d.id AND m.id = ANY (ids);
  RETURN NULL;
END
$$;

-- Moves the counts of batches (`ids`) by what reports have changed: so many of each no longer follow it, and its own
-- counts move by a delta. The counts of their messages move in the same update of each message, which the trigger would
-- otherwise write once for the followers and its caller once more for the reports. `messages`: those of the batches;
-- `hard`: those of them that have a hard bounce now. The caller has locked batches and messages.
CREATE FUNCTION move_counts(ids uuid[], unfollowed integer[], deltas jsonb[], messages uuid[], hard uuid[])
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('gateway.reports_move_counts', 'on', true);
  WITH moved AS (
    UPDATE batch b SET follower_count = b.follower_count - d.unfollowed, counts = counts_add(b.counts, d.delta)
    FROM unnest(ids, unfollowed, deltas) AS d (id, unfollowed, delta)
    WHERE b.id = d.id AND b.id = ANY (ids)
    RETURNING b.message_id, inherited_status(b.status)::text AS follows, d.unfollowed, d.delta
  ), step AS (
    SELECT message_id, follows AS status, -moved.unfollowed::bigint AS n FROM moved
    UNION ALL
    SELECT message_id, entry.key, entry.value::bigint FROM moved, jsonb_each_text(moved.delta) AS entry
  ), total AS (
    SELECT message_id, jsonb_object_agg(status, n) AS delta
    FROM (SELECT message_id, status, sum(n) AS n FROM step GROUP BY message_id, status) AS by_status
    WHERE n <> 0 GROUP BY message_id
  )
  UPDATE message m SET counts = counts_add(m.counts, total.delta), hard_bounced = m.hard_bounced OR m.id = ANY (hard)
  -- The list adds no condition, but makes the planner use the key whatever it believes about the table's size.
  FROM total WHERE m.id = total.message_id AND m.id = ANY (messages);
  -- An error takes it back, too.
  PERFORM set_config('gateway.reports_move_counts', 'off', true);
END
$$;
