-- Why a batch waits or has failed, in the provider's own words. Recipients without a status of their own show these
-- words, so a batch of 100,000 that is refused as a whole writes one row.
ALTER TABLE "batch"
    ADD COLUMN "provider_code" TEXT,
    ADD COLUMN "provider_message" TEXT;

-- A batch that is refused as a whole, possibly because of one recipient, is halved until that recipient is alone.
-- "halved_from" is the first batch, set in each of its parts at any depth. The other columns are set in that first batch
-- only, whose row is locked while a refused part decides what to do next: how many parts were made (each costs one
-- request), how many parts of a single recipient were refused as well, and whether the rest was failed because the
-- provider refuses every recipient.
ALTER TABLE "batch"
    ADD COLUMN "halved_from" UUID,
    ADD COLUMN "halving_parts" INTEGER,
    ADD COLUMN "lone_refusals" INTEGER,
    ADD COLUMN "halving_given_up" BOOLEAN;

CREATE INDEX "batch_halved_from_idx" ON "batch" ("halved_from") WHERE "halved_from" IS NOT NULL;

-- The redrives of a message.
CREATE INDEX "message_redrive_of_idx" ON "message" ("redrive_of") WHERE "redrive_of" IS NOT NULL;

-- As before, but returns the positions, so that the recipients' end can be reported as events.
DROP FUNCTION suppress_recipients(uuid, category, integer, integer);

CREATE FUNCTION suppress_recipients(of_message uuid, for_category category, first integer, last integer)
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
      counts = counts_add(b.counts, jsonb_build_object('suppressed', per_batch.n)),
      status = CASE WHEN b.follower_count = per_batch.n THEN 'settled' ELSE b.status END,
      settled_at = CASE WHEN b.follower_count = per_batch.n THEN now() ELSE b.settled_at END
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
