-- As before, but what a batch was and what it is are matched by a hash or in order. A plan is kept for each connection,
-- and made for the first statement, which often moves one batch: PostgreSQL then chose nested loops, and a statement that
-- moved a thousand batches compared each with each, half a second long.
CREATE OR REPLACE FUNCTION batches_move_statistics() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO statistic_delta (message_id, domain, provider, requested, submitted, failed)
  -- A full join cannot be done by nested loops; MATERIALIZED keeps the conditions below from turning it into another.
  WITH step AS MATERIALIZED (
    SELECT n.message_id, n.provider, n.position_from, n.position_to,
      o.submitted_at IS NULL AND n.submitted_at IS NOT NULL AS taken,
      n.status IN ('failed', 'expired') AND o.status NOT IN ('failed', 'expired') AS ended,
      n.status = 'replanned' AND o.status <> 'replanned' AS left_over
    FROM after n FULL JOIN before o USING (id)
  ),
  -- First the batches, then their recipients: the other way round, every poll of a large message would read all of it.
  moved AS MATERIALIZED (
    SELECT * FROM step WHERE taken OR ended OR left_over
  )
  SELECT b.message_id, domain_of(r.address), b.provider, -count(*) FILTER (WHERE b.left_over),
    count(*) FILTER (WHERE b.taken AND r.status IS DISTINCT FROM 'suppressed'),
    count(*) FILTER (WHERE b.ended AND r.status IS NULL)
  FROM moved b
  -- Each range by the key.
  CROSS JOIN LATERAL (
    SELECT address, status FROM recipient
    WHERE message_id = b.message_id AND position BETWEEN b.position_from AND b.position_to OFFSET 0
  ) AS r
  GROUP BY b.message_id, domain_of(r.address), b.provider;
  RETURN NULL;
END
$$;
