-- The first tables of the gateway: clients and keys, messages with their recipients, batches, attempts and events.
-- prisma/schema.prisma has the same tables in Prisma's words; partitions, functions, triggers and partial indexes only
-- stand here.

CREATE TYPE "message_status" AS ENUM ('scheduled', 'queued', 'sending', 'completed', 'partially_failed', 'failed', 'cancelled');

CREATE TYPE "recipient_status" AS ENUM ('scheduled', 'queued', 'deferred', 'dispatching', 'unconfirmed', 'submitted', 'sending', 'sent', 'delivered', 'bounced', 'failed', 'rejected', 'suppressed', 'unsubscribed', 'cancelled', 'expired');

CREATE TYPE "batch_status" AS ENUM ('scheduled', 'queued', 'deferred', 'dispatching', 'unconfirmed', 'submitted', 'sending', 'settled', 'failed', 'cancelled', 'expired', 'replanned');

CREATE TYPE "category" AS ENUM ('authentication', 'transactional', 'marketing');

CREATE TYPE "delivery" AS ENUM ('individual', 'shared');

CREATE TYPE "recipient_type" AS ENUM ('to', 'cc', 'bcc');

CREATE TYPE "attempt_outcome" AS ENUM ('accepted', 'refused', 'unconfirmed', 'adopted', 'absent');

-- Adds two sets of counts ({"queued": 3}); a count of nothing disappears.
CREATE FUNCTION counts_add(a jsonb, b jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce(jsonb_object_agg(key, total) FILTER (WHERE total <> 0), '{}'::jsonb)
  FROM (
    SELECT key, sum(value::bigint) AS total
    FROM (SELECT * FROM jsonb_each_text(a) UNION ALL SELECT * FROM jsonb_each_text(b)) AS entry
    GROUP BY key
  ) AS totals
$$;

-- The number of recipients in any of these statuses.
CREATE FUNCTION counts_in(counts jsonb, statuses text[]) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce(sum(value::bigint), 0)::bigint FROM jsonb_each_text(counts) WHERE key = ANY (statuses)
$$;

-- The same as messageStatusOf in libs/core: a message's status follows from its counts, nobody sets it.
CREATE FUNCTION derive_message_status(counts jsonb) RETURNS message_status
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  total bigint := (SELECT coalesce(sum(value::bigint), 0) FROM jsonb_each_text(counts));
  unsettled bigint := counts_in(counts, '{scheduled,queued,deferred,dispatching,unconfirmed,submitted,sending}');
  untouched bigint := counts_in(counts, '{suppressed,cancelled}');
  scheduled bigint := coalesce((counts ->> 'scheduled')::bigint, 0);
  waiting bigint := counts_in(counts, '{scheduled,queued,deferred}');
  failed bigint := counts_in(counts, '{bounced,failed,rejected,expired}');
  sent bigint := counts_in(counts, '{sent,delivered}');
BEGIN
  IF unsettled > 0 THEN
    IF scheduled = unsettled AND scheduled + untouched = total THEN RETURN 'scheduled'; END IF;
    IF waiting = unsettled AND waiting + untouched = total THEN RETURN 'queued'; END IF;
    RETURN 'sending';
  END IF;
  IF failed > 0 THEN
    IF sent > 0 THEN RETURN 'partially_failed'; END IF;
    RETURN 'failed';
  END IF;
  IF sent = 0 AND coalesce((counts ->> 'cancelled')::bigint, 0) > 0 THEN RETURN 'cancelled'; END IF;
  RETURN 'completed';
END
$$;

-- The same as mayAdvance in libs/core: forward only; of what is final, only a late bounce changes something.
CREATE FUNCTION recipient_rank(status recipient_status) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE status
    WHEN 'scheduled' THEN 0 WHEN 'queued' THEN 1 WHEN 'deferred' THEN 1 WHEN 'dispatching' THEN 2
    WHEN 'unconfirmed' THEN 3 WHEN 'submitted' THEN 4 WHEN 'sending' THEN 5 WHEN 'sent' THEN 6 ELSE 7 END
$$;

CREATE FUNCTION may_advance(before recipient_status, after recipient_status) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN recipient_rank(before) = 7 THEN before = 'delivered' AND after = 'bounced'
              ELSE recipient_rank(after) > recipient_rank(before) END
$$;

-- The same as inheritedStatus in libs/core: what a recipient without a status of its own is.
CREATE FUNCTION inherited_status(status batch_status) RETURNS recipient_status
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE status WHEN 'settled' THEN 'sending' WHEN 'replanned' THEN 'queued' ELSE status::text END::recipient_status
$$;


CREATE TABLE "client" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "client_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "api_key" (
    "id" UUID NOT NULL,
    "client_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "hash" BYTEA NOT NULL,
    "scopes" TEXT[],
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "api_key_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "message" (
    "id" UUID NOT NULL,
    "client_id" UUID NOT NULL,
    "category" "category" NOT NULL,
    "delivery" "delivery" NOT NULL,
    "requested_provider" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "from_address" TEXT NOT NULL,
    "from_name" TEXT,
    "subject" TEXT NOT NULL,
    "html" TEXT,
    "text" TEXT,
    "variables" JSON NOT NULL DEFAULT '{}',
    "headers" JSON NOT NULL DEFAULT '{}',
    "metadata" JSONB NOT NULL DEFAULT '{}',
    "tags" TEXT[],
    "on_quota" TEXT NOT NULL,
    "allow_split" BOOLEAN NOT NULL DEFAULT false,
    "send_at" TIMESTAMPTZ(3),
    "recipient_count" INTEGER NOT NULL,
    "suppressed_count" INTEGER NOT NULL DEFAULT 0,
    "batch_count" INTEGER NOT NULL,
    "counts" JSONB NOT NULL DEFAULT '{}',
    "status" "message_status" NOT NULL GENERATED ALWAYS AS (derive_message_status("counts")) STORED,
    "routing" JSON NOT NULL,
    "warnings" TEXT[],
    "request_id" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "completed_at" TIMESTAMPTZ(3),

    CONSTRAINT "message_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "recipient" (
    "message_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "address" TEXT NOT NULL,
    "name" TEXT,
    "type" "recipient_type" NOT NULL,
    "variables" JSON,
    "status" "recipient_status",
    "reason" TEXT,
    "bounce_type" TEXT,
    "mail_id" TEXT,
    "provider_code" TEXT,
    "provider_message" TEXT,
    "updated_at" TIMESTAMPTZ(3),
    "delivered_at" TIMESTAMPTZ(3),
    "opened_at" TIMESTAMPTZ(3),

    CONSTRAINT "recipient_pkey" PRIMARY KEY ("message_id","position")
) PARTITION BY RANGE ("message_id");

CREATE TABLE "batch" (
    "id" UUID NOT NULL,
    "message_id" UUID NOT NULL,
    "parent_id" UUID,
    "provider" TEXT NOT NULL,
    "category" "category" NOT NULL,
    "status" "batch_status" NOT NULL,
    "position_from" INTEGER NOT NULL,
    "position_to" INTEGER NOT NULL,
    "recipient_count" INTEGER NOT NULL,
    "follower_count" INTEGER NOT NULL,
    "counts" JSONB NOT NULL DEFAULT '{}',
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "next_attempt_at" TIMESTAMPTZ(3) NOT NULL,
    "next_poll_at" TIMESTAMPTZ(3),
    "enqueued_at" TIMESTAMPTZ(3),
    "lease_until" TIMESTAMPTZ(3),
    "lease_token" INTEGER NOT NULL DEFAULT 0,
    "attempt_count" INTEGER NOT NULL DEFAULT 0,
    "lookup_count" INTEGER NOT NULL DEFAULT 0,
    "poll_count" INTEGER NOT NULL DEFAULT 0,
    "poll_failures" INTEGER NOT NULL DEFAULT 0,
    "poll_cursor" JSON,
    "operation" TEXT,
    "provider_request_id" TEXT,
    "reason" TEXT,
    "reason_detail" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "submitted_at" TIMESTAMPTZ(3),
    "settled_at" TIMESTAMPTZ(3),

    CONSTRAINT "batch_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "attempt" (
    "id" UUID NOT NULL,
    "batch_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "marker" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "operation" TEXT,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "finished_at" TIMESTAMPTZ(3),
    "outcome" "attempt_outcome",
    "http_status" INTEGER,
    "provider_code" TEXT,
    "provider_message" TEXT,
    "detail" TEXT,

    CONSTRAINT "attempt_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "event" (
    "id" UUID NOT NULL,
    "client_id" UUID NOT NULL,
    "message_id" UUID NOT NULL,
    "batch_id" UUID,
    "type" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "data" JSON NOT NULL DEFAULT '{}',

    CONSTRAINT "event_pkey" PRIMARY KEY ("id")
) PARTITION BY RANGE ("id");

CREATE TABLE "idempotency_key" (
    "client_id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "request_hash" BYTEA NOT NULL,
    "status" INTEGER NOT NULL,
    "headers" JSON NOT NULL DEFAULT '{}',
    "response" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "idempotency_key_pkey" PRIMARY KEY ("client_id","key")
);

CREATE TABLE "provider_account" (
    "name" TEXT NOT NULL,
    "paused_at" TIMESTAMPTZ(3),
    "pause_reason" TEXT,
    "last_success" TIMESTAMPTZ(3),
    "last_failure" TIMESTAMPTZ(3),
    "failure_words" TEXT,

    CONSTRAINT "provider_account_pkey" PRIMARY KEY ("name")
);

CREATE TABLE "provider_usage" (
    "provider" TEXT NOT NULL,
    "month" DATE NOT NULL,
    "recipients" BIGINT NOT NULL,

    CONSTRAINT "provider_usage_pkey" PRIMARY KEY ("provider","month")
);

CREATE UNIQUE INDEX "client_name_key" ON "client"("name");

CREATE UNIQUE INDEX "api_key_hash_key" ON "api_key"("hash");

CREATE INDEX "api_key_client_id_id_idx" ON "api_key"("client_id", "id");

CREATE INDEX "message_client_id_id_idx" ON "message"("client_id", "id");

CREATE INDEX "batch_message_id_position_from_idx" ON "batch"("message_id", "position_from");

CREATE UNIQUE INDEX "batch_provider_provider_request_id_key" ON "batch"("provider", "provider_request_id");

CREATE UNIQUE INDEX "attempt_batch_id_number_key" ON "attempt"("batch_id", "number");

CREATE INDEX "event_message_id_id_idx" ON "event"("message_id", "id");

CREATE INDEX "event_client_id_id_idx" ON "event"("client_id", "id");

ALTER TABLE "api_key" ADD CONSTRAINT "api_key_client_id_fkey" FOREIGN KEY ("client_id") REFERENCES "client"("id") ON DELETE CASCADE ON UPDATE NO ACTION;

ALTER TABLE "message" ADD CONSTRAINT "message_client_id_fkey" FOREIGN KEY ("client_id") REFERENCES "client"("id") ON DELETE RESTRICT ON UPDATE NO ACTION;

ALTER TABLE "batch" ADD CONSTRAINT "batch_message_id_fkey" FOREIGN KEY ("message_id") REFERENCES "message"("id") ON DELETE CASCADE ON UPDATE NO ACTION;

ALTER TABLE "attempt" ADD CONSTRAINT "attempt_batch_id_fkey" FOREIGN KEY ("batch_id") REFERENCES "batch"("id") ON DELETE CASCADE ON UPDATE NO ACTION;

ALTER TABLE "idempotency_key" ADD CONSTRAINT "idempotency_key_client_id_fkey" FOREIGN KEY ("client_id") REFERENCES "client"("id") ON DELETE CASCADE ON UPDATE NO ACTION;


-- Everything ever sent to an address, and a provider's report matched to its recipient.
CREATE INDEX "recipient_address_idx" ON "recipient" (lower("address"), "message_id");

-- Filters of GET /v1/messages that only some messages answer to.
CREATE INDEX "message_tags_idx" ON "message" USING gin ("tags") WHERE "tags" <> '{}';
CREATE INDEX "message_metadata_idx" ON "message" USING gin ("metadata" jsonb_path_ops) WHERE "metadata" <> '{}';

-- What the recovery sweep looks for: work that is due, workers that are gone, requests to be asked about.
CREATE INDEX "batch_due_idx" ON "batch" ("next_attempt_at")
  WHERE "status" IN ('scheduled', 'queued', 'deferred', 'unconfirmed');
CREATE INDEX "batch_lease_idx" ON "batch" ("lease_until") WHERE "status" = 'dispatching';
CREATE INDEX "batch_poll_idx" ON "batch" ("next_poll_at") WHERE "next_poll_at" IS NOT NULL;

-- Followers of a batch change their status when the batch does: the message's counts move in the same transaction,
-- whatever statement changed the batch.
CREATE FUNCTION batch_moves_counts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE message
  SET counts = counts_add(counts, counts_add(
    jsonb_build_object(inherited_status(OLD.status), -OLD.follower_count),
    jsonb_build_object(inherited_status(NEW.status), NEW.follower_count)))
  WHERE id = NEW.message_id;
  RETURN NULL;
END
$$;

CREATE TRIGGER "batch_moves_counts" AFTER UPDATE OF "status", "follower_count" ON "batch"
FOR EACH ROW
WHEN (inherited_status(OLD.status) <> inherited_status(NEW.status) OR OLD.follower_count <> NEW.follower_count)
EXECUTE FUNCTION batch_moves_counts();

-- Partitions by month. Keys are UUIDv7, whose first 48 bits are milliseconds since 1970: a range of keys is a range of
-- time, and dropping a partition is the retention.
CREATE FUNCTION uuid7_floor(at timestamptz) RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid
$$;

CREATE FUNCTION ensure_partitions(months_ahead integer) RETURNS integer LANGUAGE plpgsql AS $$
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

-- What no monthly partition takes (a clock that is off, a gateway that slept for months) is kept all the same.
CREATE TABLE "recipient_default" PARTITION OF "recipient" DEFAULT;
CREATE TABLE "event_default" PARTITION OF "event" DEFAULT;
SELECT ensure_partitions(2);
