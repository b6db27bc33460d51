-- Figures of what was sent, kept in the transactions that change recipients and batches (law 7). Each change adds rows
-- to "statistic_delta", one for each domain of the recipients that changed: rows that are only added, so no two
-- transactions wait for each other. The worker rolls them up into "statistic"; who reads adds both, in one statement.
CREATE TABLE "statistic_delta" (
    "id" BIGSERIAL NOT NULL,
    "message_id" UUID NOT NULL,
    "domain" TEXT NOT NULL,
    -- The account, where it is not (any more) that of the message.
    "provider" TEXT,
    "requested" INTEGER NOT NULL DEFAULT 0,
    "submitted" INTEGER NOT NULL DEFAULT 0,
    "sent" INTEGER NOT NULL DEFAULT 0,
    "delivered" INTEGER NOT NULL DEFAULT 0,
    "opened" INTEGER NOT NULL DEFAULT 0,
    "bounced" INTEGER NOT NULL DEFAULT 0,
    "failed" INTEGER NOT NULL DEFAULT 0,
    "suppressed" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "statistic_delta_pkey" PRIMARY KEY ("id")
);

-- By the hour in which messages were due, and by what they were. A row without domain is the sum over the domains.
-- `key` is the digest of all that follows `client_id`, so that long tags fit an index.
CREATE TABLE "statistic" (
    "hour" TIMESTAMPTZ(3) NOT NULL,
    "client_id" UUID NOT NULL,
    "key" UUID NOT NULL,
    "provider" TEXT NOT NULL,
    "category" "category" NOT NULL,
    "template" TEXT,
    "tags" TEXT[],
    "domain" TEXT,
    "requested" BIGINT NOT NULL,
    "submitted" BIGINT NOT NULL,
    "sent" BIGINT NOT NULL,
    "delivered" BIGINT NOT NULL,
    "opened" BIGINT NOT NULL,
    "bounced" BIGINT NOT NULL,
    "failed" BIGINT NOT NULL,
    "suppressed" BIGINT NOT NULL,

    CONSTRAINT "statistic_pkey" PRIMARY KEY ("hour", "client_id", "key")
);

CREATE INDEX "statistic_total_idx" ON "statistic" ("hour", "client_id") WHERE "domain" IS NULL;

CREATE FUNCTION domain_of(address text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT split_part(address, '@', -1)
$$;

-- The account that has a recipient now, after a failover.
CREATE FUNCTION provider_of(of_message uuid, of_position integer) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT provider FROM batch
  WHERE message_id = of_message AND position_from <= of_position AND status <> 'replanned'
  ORDER BY position_from DESC LIMIT 1
$$;

-- Recipients that are new: asked for, and perhaps refused at once.
CREATE FUNCTION recipient_insert_moves_statistics() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO statistic_delta (message_id, domain, requested, sent, delivered, opened, bounced, failed, suppressed)
  SELECT message_id, domain_of(address), count(*), count(*) FILTER (WHERE status IN ('sent', 'delivered')),
    count(*) FILTER (WHERE status = 'delivered'), count(opened_at), count(*) FILTER (WHERE status = 'bounced'),
    count(*) FILTER (WHERE status IN ('failed', 'rejected', 'expired')), count(*) FILTER (WHERE status = 'suppressed')
  FROM added GROUP BY message_id, domain_of(address);
  RETURN NULL;
END
$$;

CREATE TRIGGER "recipient_insert_moves_statistics" AFTER INSERT ON "recipient"
REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION recipient_insert_moves_statistics();

-- Recipients of which something of their own became known: what they are now, less what they were.
CREATE FUNCTION recipient_update_moves_statistics() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  -- Few messages have changed accounts: only theirs look for the batch of each recipient.
  failed_over uuid[] := ARRAY(
    SELECT id FROM message
    WHERE id IN (SELECT DISTINCT message_id FROM after) AND json_array_length(routing -> 'failovers') > 0);
BEGIN
  INSERT INTO statistic_delta (message_id, domain, provider, sent, delivered, opened, bounced, failed, suppressed)
  SELECT * FROM (
    SELECT message_id, domain_of(address),
      CASE WHEN message_id = ANY (failed_over) THEN provider_of(message_id, position) END AS provider,
      coalesce(sum(n) FILTER (WHERE status IN ('sent', 'delivered')), 0) AS sent,
      coalesce(sum(n) FILTER (WHERE status = 'delivered'), 0) AS delivered,
      coalesce(sum(n) FILTER (WHERE opened_at IS NOT NULL), 0) AS opened,
      coalesce(sum(n) FILTER (WHERE status = 'bounced'), 0) AS bounced,
      coalesce(sum(n) FILTER (WHERE status IN ('failed', 'rejected', 'expired')), 0) AS failed,
      coalesce(sum(n) FILTER (WHERE status = 'suppressed'), 0) AS suppressed
    FROM (
      SELECT message_id, position, address, status, opened_at, -1 AS n FROM before
      UNION ALL SELECT message_id, position, address, status, opened_at, 1 FROM after
    ) AS change
    GROUP BY 1, 2, 3
  ) AS moved
  WHERE (sent, delivered, opened, bounced, failed, suppressed) <> (0, 0, 0, 0, 0, 0);
  RETURN NULL;
END
$$;

CREATE TRIGGER "recipient_update_moves_statistics" AFTER UPDATE ON "recipient"
REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT
EXECUTE FUNCTION recipient_update_moves_statistics();

-- A provider took the request: all but the suppressed are submitted. It was given up: its followers failed. Another
-- account took it over: asked of that one.
CREATE FUNCTION batch_moves_statistics() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  taken boolean := TG_OP = 'UPDATE' AND OLD.submitted_at IS NULL AND NEW.submitted_at IS NOT NULL;
  ended boolean := TG_OP = 'UPDATE' AND NEW.status IN ('failed', 'expired');
  asked integer := CASE WHEN TG_OP = 'INSERT' THEN 1 WHEN NEW.status = 'replanned' THEN -1 ELSE 0 END;
BEGIN
  INSERT INTO statistic_delta (message_id, domain, provider, requested, submitted, failed)
  SELECT NEW.message_id, domain_of(address), NEW.provider, asked * count(*),
    count(*) FILTER (WHERE taken AND status IS DISTINCT FROM 'suppressed'),
    count(*) FILTER (WHERE ended AND status IS NULL)
  FROM recipient
  WHERE message_id = NEW.message_id AND position BETWEEN NEW.position_from AND NEW.position_to
  GROUP BY domain_of(address);
  RETURN NULL;
END
$$;

CREATE TRIGGER "batch_moves_statistics" AFTER UPDATE OF "status", "submitted_at" ON "batch"
FOR EACH ROW
WHEN ((OLD.submitted_at IS NULL AND NEW.submitted_at IS NOT NULL)
  OR (NEW.follower_count > 0 AND NEW.status IN ('failed', 'expired') AND OLD.status NOT IN ('failed', 'expired'))
  OR (NEW.status = 'replanned' AND OLD.status <> 'replanned'))
EXECUTE FUNCTION batch_moves_statistics();

CREATE TRIGGER "batch_insert_moves_statistics" AFTER INSERT ON "batch"
FOR EACH ROW WHEN (NEW.parent_id IS NOT NULL) EXECUTE FUNCTION batch_moves_statistics();

-- Deltas with what their messages are.
CREATE FUNCTION statistic_waiting() RETURNS TABLE (id bigint, hour timestamptz, client_id uuid, provider text,
  category category, template text, tags text[], domain text, requested bigint, submitted bigint, sent bigint,
  delivered bigint, opened bigint, bounced bigint, failed bigint, suppressed bigint)
LANGUAGE sql STABLE AS $$
SELECT d.id, date_trunc('hour', coalesce(m.send_at, m.created_at), 'UTC') AS hour, m.client_id, coalesce(d.provider, m.provider), m.category,
  CASE WHEN m.template_id IS NOT NULL THEN m.template_id::text
       WHEN m.provider_template_id IS NOT NULL THEN m.provider || ':' || m.provider_template_id END AS template,
  coalesce(m.tags, '{}') AS tags, d.domain, d.requested, d.submitted, d.sent, d.delivered, d.opened, d.bounced, d.failed,
  d.suppressed
FROM statistic_delta d JOIN message m ON m.id = d.message_id
$$;

-- Rolls up the oldest deltas, one process at a time. Returns how many there were.
CREATE FUNCTION roll_up_statistics(most integer) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  taken bigint[];
BEGIN
  IF NOT pg_try_advisory_xact_lock(7305) THEN RETURN 0; END IF;
  taken := ARRAY(SELECT id FROM statistic_delta ORDER BY id LIMIT most);
  IF cardinality(taken) = 0 THEN RETURN 0; END IF;
  INSERT INTO statistic AS s
  SELECT hour, client_id, md5(row(provider, category, template, tags, domain)::text)::uuid, provider, category, template,
    tags, domain, sum(requested), sum(submitted), sum(sent), sum(delivered), sum(opened), sum(bounced), sum(failed),
    sum(suppressed)
  FROM statistic_waiting() WHERE id = ANY (taken)
  GROUP BY GROUPING SETS (
    (hour, client_id, provider, category, template, tags, domain), (hour, client_id, provider, category, template, tags))
  ON CONFLICT (hour, client_id, key) DO UPDATE
  SET requested = s.requested + excluded.requested, submitted = s.submitted + excluded.submitted,
    sent = s.sent + excluded.sent, delivered = s.delivered + excluded.delivered, opened = s.opened + excluded.opened,
    bounced = s.bounced + excluded.bounced, failed = s.failed + excluded.failed,
    suppressed = s.suppressed + excluded.suppressed;
  DELETE FROM statistic_delta WHERE id = ANY (taken);
  RETURN cardinality(taken);
END
$$;

-- What there is already.
INSERT INTO statistic_delta (message_id, domain, requested, submitted, sent, delivered, opened, bounced, failed, suppressed)
SELECT r.message_id, domain_of(r.address), count(*),
  count(*) FILTER (WHERE b.submitted_at IS NOT NULL AND r.status IS DISTINCT FROM 'suppressed'),
  count(*) FILTER (WHERE r.status IN ('sent', 'delivered')), count(*) FILTER (WHERE r.status = 'delivered'),
  count(r.opened_at), count(*) FILTER (WHERE r.status = 'bounced'),
  count(*) FILTER (WHERE coalesce(r.status, inherited_status(b.status)) IN ('failed', 'rejected', 'expired')),
  count(*) FILTER (WHERE r.status = 'suppressed')
FROM recipient r
LEFT JOIN batch b ON b.message_id = r.message_id AND b.status <> 'replanned'
  AND r.position BETWEEN b.position_from AND b.position_to
GROUP BY r.message_id, domain_of(r.address);
