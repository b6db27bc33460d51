-- Addresses that get no mail, of the whole gateway: one company, one opt-out. An entry that was taken away stays as a
-- row with a time, so that a provider's older entry does not bring it back.
CREATE TABLE "suppression" (
    "address" TEXT NOT NULL,
    "scope" TEXT NOT NULL,
    "reason" TEXT,
    "source" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3),
    "removed_at" TIMESTAMPTZ(3),

    CONSTRAINT "suppression_pkey" PRIMARY KEY ("address","scope"),
    CONSTRAINT "suppression_address_is_lower_case" CHECK ("address" = lower("address")),
    CONSTRAINT "suppression_scope_is_known" CHECK ("scope" IN ('marketing', 'all'))
);

-- Which entries an account's own list has, as the last synchronisation saw it.
CREATE TABLE "suppression_copy" (
    "provider" TEXT NOT NULL,
    "address" TEXT NOT NULL,
    "seen_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "suppression_copy_pkey" PRIMARY KEY ("provider","address")
);

-- Marks recipients of a message that are suppressed and still follow their batch, and moves every count with them.
-- Returns how many there were. Callers hold no lock on the message.
CREATE FUNCTION suppress_recipients(of_message uuid, for_category category, first integer, last integer)
RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  marked integer;
BEGIN
  WITH hit AS (
    UPDATE recipient r
    SET status = 'suppressed', updated_at = now(),
      reason = CASE WHEN s.source = 'bounce' THEN coalesce(s.reason, 'unknown_user') ELSE 'recipient_opted_out' END
    FROM suppression s
    WHERE r.message_id = of_message AND r.position BETWEEN first AND last AND r.status IS NULL
      AND s.address = lower(r.address) AND s.removed_at IS NULL AND (s.expires_at IS NULL OR s.expires_at > now())
      AND (s.scope = 'all' OR for_category = 'marketing')
    RETURNING r.position
  ), per_batch AS (
    SELECT b.id, count(DISTINCT hit.position)::integer AS n
    FROM hit JOIN batch b ON b.message_id = of_message AND b.status <> 'replanned'
      AND hit.position BETWEEN b.position_from AND b.position_to
    GROUP BY b.id
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

-- "Has the list grown since this message was accepted?"
CREATE INDEX "suppression_created_at_idx" ON "suppression" ("created_at");
