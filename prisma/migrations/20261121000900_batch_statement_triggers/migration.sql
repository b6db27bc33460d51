-- A statement that moves a hundred batches moves the counts of their messages, and the figures, once for all of them:
-- row by row, the triggers cost ten times what they were for.

DROP TRIGGER "batch_moves_counts" ON "batch";
DROP FUNCTION batch_moves_counts();

CREATE FUNCTION batches_move_counts() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  ids uuid[];
  deltas jsonb[];
BEGIN
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
  -- In order: two statements that hold each other's messages would wait for ever.
  IF cardinality(ids) > 1 THEN
    PERFORM FROM message WHERE id = ANY (ids) ORDER BY id FOR NO KEY UPDATE;
  END IF;
  UPDATE message m SET counts = counts_add(m.counts, d.delta)
  -- The list says nothing new, but it is looked up by the key, whatever the planner believes of the table's size.
  FROM unnest(ids, deltas) AS d (id, delta) WHERE m.id = d.id AND m.id = ANY (ids);
  RETURN NULL;
END
$$;

CREATE TRIGGER "batches_move_counts" AFTER UPDATE ON "batch"
REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT
EXECUTE FUNCTION batches_move_counts();

DROP TRIGGER "batch_moves_statistics" ON "batch";
DROP TRIGGER "batch_insert_moves_statistics" ON "batch";
DROP FUNCTION batch_moves_statistics();

-- A provider took the request: all but the suppressed are submitted. It was given up: its followers failed. Another
-- account took it over: asked of that one.
CREATE FUNCTION batches_move_statistics() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO statistic_delta (message_id, domain, provider, requested, submitted, failed)
  -- First which batches, then their recipients: the other way round every poll of a large message would read it whole.
  WITH moved AS MATERIALIZED (
    SELECT * FROM (
      SELECT n.message_id, n.provider, n.position_from, n.position_to,
        o.submitted_at IS NULL AND n.submitted_at IS NOT NULL AS taken,
        n.status IN ('failed', 'expired') AND o.status NOT IN ('failed', 'expired') AS ended,
        n.status = 'replanned' AND o.status <> 'replanned' AS left_over
      FROM after n JOIN before o USING (id)
    ) AS step
    WHERE taken OR ended OR left_over
  )
  SELECT b.message_id, domain_of(r.address), b.provider, -count(*) FILTER (WHERE b.left_over),
    count(*) FILTER (WHERE b.taken AND r.status IS DISTINCT FROM 'suppressed'),
    count(*) FILTER (WHERE b.ended AND r.status IS NULL)
  FROM moved b
  -- Its own range each, looked up by the key.
  CROSS JOIN LATERAL (
    SELECT address, status FROM recipient
    WHERE message_id = b.message_id AND position BETWEEN b.position_from AND b.position_to OFFSET 0
  ) AS r
  GROUP BY b.message_id, domain_of(r.address), b.provider;
  RETURN NULL;
END
$$;

CREATE TRIGGER "batches_move_statistics" AFTER UPDATE ON "batch"
REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT
EXECUTE FUNCTION batches_move_statistics();

CREATE FUNCTION batch_insert_moves_statistics() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO statistic_delta (message_id, domain, provider, requested)
  SELECT NEW.message_id, domain_of(address), NEW.provider, count(*)
  FROM recipient
  WHERE message_id = NEW.message_id AND position BETWEEN NEW.position_from AND NEW.position_to
  GROUP BY domain_of(address);
  RETURN NULL;
END
$$;

CREATE TRIGGER "batch_insert_moves_statistics" AFTER INSERT ON "batch"
FOR EACH ROW WHEN (NEW.parent_id IS NOT NULL) EXECUTE FUNCTION batch_insert_moves_statistics();

-- The same as before, as one expression that the planner puts in place of the call: it is computed with every change of a
-- message.
CREATE FUNCTION count_of(counts jsonb, status text) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT coalesce((counts ->> status)::bigint, 0) $$;

CREATE OR REPLACE FUNCTION derive_message_status(counts jsonb) RETURNS message_status
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE
    WHEN count_of(counts, 'dispatching') + count_of(counts, 'unconfirmed') + count_of(counts, 'submitted')
      + count_of(counts, 'sending') > 0 THEN 'sending'
    WHEN count_of(counts, 'scheduled') + count_of(counts, 'queued') + count_of(counts, 'deferred') > 0 THEN CASE
      WHEN count_of(counts, 'sent') + count_of(counts, 'delivered') + count_of(counts, 'bounced')
        + count_of(counts, 'failed') + count_of(counts, 'rejected') + count_of(counts, 'expired')
        + count_of(counts, 'unsubscribed') > 0 THEN 'sending'
      WHEN count_of(counts, 'queued') + count_of(counts, 'deferred') > 0 THEN 'queued'
      ELSE 'scheduled' END
    WHEN count_of(counts, 'bounced') + count_of(counts, 'failed') + count_of(counts, 'rejected')
      + count_of(counts, 'expired') > 0 THEN
      CASE WHEN count_of(counts, 'sent') + count_of(counts, 'delivered') > 0 THEN 'partially_failed' ELSE 'failed' END
    WHEN count_of(counts, 'sent') + count_of(counts, 'delivered') = 0 AND count_of(counts, 'cancelled') > 0
      THEN 'cancelled'
    ELSE 'completed'
  END::message_status
$$;

DROP FUNCTION counts_in(jsonb, text[]);
