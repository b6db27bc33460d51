-- Retention: what of a message is erased when its period is over, and how what grows is kept in shape.

-- `erased_at`: its texts, its recipients and its timeline are gone for whoever asks. `erasing`: rows of recipients and
-- events are still to go, by dropping their month or a few thousand at a time. Needs no rewrite of the table.
ALTER TABLE "message"
    ADD COLUMN "erased_at" TIMESTAMPTZ(3),
    ADD COLUMN "erasing" BOOLEAN NOT NULL DEFAULT false;

-- Whose period may be over, what is still to go, what may go altogether. The last two hold erased messages only.
CREATE INDEX "message_retention_idx" ON "message" ("category", "completed_at", "id")
  WHERE "completed_at" IS NOT NULL AND "erased_at" IS NULL;
CREATE INDEX "message_erasing_idx" ON "message" ("id") WHERE "erasing";
CREATE INDEX "message_erased_idx" ON "message" ("category", "completed_at", "id")
  WHERE "erased_at" IS NOT NULL AND NOT "erasing";

-- Whether a file is still wanted by a message that is not erased.
CREATE INDEX "message_kept_attachment_idx" ON "message" USING gin ("attachment_ids")
  WHERE "attachment_ids" <> '{}' AND "erased_at" IS NULL;

-- The stored answer that tells of a message, found by the place it names: no request pays for a column that only
-- retention reads.
CREATE INDEX "idempotency_key_location_idx" ON "idempotency_key" (("headers" ->> 'location'))
  WHERE "headers" ->> 'location' LIKE '/v1/messages/%';

-- How autovacuum looks after partitions. Its defaults wait for a fifth of a table: with ten million recipients two
-- million dead rows, and as many new ones before the pages of a month are marked as visible to all.
--
-- "recipient" is appended and most rows are updated once, so a vacuum after each twentieth keeps what an update leaves
-- behind small, and spreads the work. A tenth of each page stays free for updates of few recipients (late bounces, opens).
-- "event" is only appended: its pages are packed full, and only inserts matter. Both are read by key, so statistics
-- need not be as fresh as for tables that are joined and filtered: every tenth is the default and stays.
CREATE FUNCTION partition_storage(parent text) RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE parent
    WHEN 'recipient' THEN ARRAY[
      'fillfactor=90', 'autovacuum_vacuum_scale_factor=0.05', 'autovacuum_vacuum_insert_scale_factor=0.05']
    ELSE ARRAY['fillfactor=100', 'autovacuum_vacuum_insert_scale_factor=0.05']
  END
$$;

-- Called after `ensure_partitions`: partitions do not inherit such settings. Touches those only that lack them.
CREATE FUNCTION shape_partitions() RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  part record;
  shaped integer := 0;
BEGIN
  FOR part IN
    SELECT c.oid::regclass AS name, partition_storage(p.relname) AS wanted
    FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid JOIN pg_class p ON p.oid = i.inhparent
    WHERE p.oid IN ('recipient'::regclass, 'event'::regclass)
      AND NOT coalesce(c.reloptions, '{}') @> partition_storage(p.relname)
  LOOP
    EXECUTE format('ALTER TABLE %s SET (%s)', part.name, array_to_string(part.wanted, ', '));
    shaped := shaped + 1;
  END LOOP;
  RETURN shaped;
END
$$;

SELECT shape_partitions();

-- A batch is updated five to ten times in its first minutes (claimed, attempted, accepted, polled, settled) and a
-- message as often as its batches; then neither is touched again. Their dead rows gather in the partial indexes that
-- sweeps read every second, so they are cleared by the hundredth of the table, not the fifth. A message's updates touch
-- no indexed column but for its last, so room in its page lets them stay there (HOT); most of a batch's do, so room
-- would not help it.
ALTER TABLE "message" SET (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.05);
ALTER TABLE "batch" SET (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_insert_scale_factor = 0.05);
