-- Where a client wants its events sent. The cursor (position, told) is a place in the log of events; an endpoint needs no
-- row per event. Secrets are derived from the master key, so only their versions are here.
CREATE TABLE "webhook_endpoint" (
    "id" UUID NOT NULL,
    "client_id" UUID NOT NULL,
    "url" TEXT NOT NULL,
    "description" TEXT,
    "events" TEXT[],
    "filter" JSONB NOT NULL DEFAULT '{}',
    "batch_max_events" INTEGER,
    "batch_max_wait_ms" INTEGER,
    "ordered" BOOLEAN NOT NULL DEFAULT false,
    "max_in_flight" INTEGER NOT NULL,
    "max_per_second" INTEGER,
    "headers" JSONB NOT NULL DEFAULT '{}',
    "signing" TEXT NOT NULL,
    "secrets" JSONB NOT NULL,
    "position" BIGINT NOT NULL,
    "told" INTEGER NOT NULL DEFAULT 0,
    "planned" JSONB NOT NULL DEFAULT '[]',
    "lease_token" BIGINT NOT NULL DEFAULT 0,
    "lease_until" TIMESTAMPTZ(3),
    "look_at" TIMESTAMPTZ(3),
    "in_flight" INTEGER NOT NULL,
    "failures" INTEGER NOT NULL DEFAULT 0,
    "failing_since" TIMESTAMPTZ(3),
    "probes" INTEGER NOT NULL DEFAULT 0,
    "probe_at" TIMESTAMPTZ(3),
    "last_success_at" TIMESTAMPTZ(3),
    "last_error" JSONB,
    "paused_at" TIMESTAMPTZ(3),
    "pause_reason" TEXT,
    "created_by" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "webhook_endpoint_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "webhook_endpoint_client_id_fkey" FOREIGN KEY ("client_id") REFERENCES "client" ("id") ON DELETE CASCADE
);

CREATE INDEX "webhook_endpoint_client_id_id_idx" ON "webhook_endpoint" ("client_id", "id");

-- Requests to endpoints: those that failed or wait, with their bodies, and for a while one row for each that ended.
CREATE TABLE "webhook_delivery" (
    "id" UUID NOT NULL,
    "endpoint_id" UUID NOT NULL,
    "webhook_id" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "event_ids" TEXT[],
    "message_ids" UUID[],
    "replay" BOOLEAN NOT NULL DEFAULT false,
    "body" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "tries" INTEGER NOT NULL DEFAULT 0,
    "refusals" INTEGER NOT NULL DEFAULT 0,
    "next_attempt_at" TIMESTAMPTZ(3),
    "attempts" JSONB NOT NULL DEFAULT '[]',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "webhook_delivery_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "webhook_delivery_endpoint_id_fkey" FOREIGN KEY ("endpoint_id") REFERENCES "webhook_endpoint" ("id") ON DELETE CASCADE
);

CREATE INDEX "webhook_delivery_endpoint_id_id_idx" ON "webhook_delivery" ("endpoint_id", "id");
CREATE INDEX "webhook_delivery_waiting_idx" ON "webhook_delivery" ("endpoint_id", "next_attempt_at")
  WHERE status IN ('pending', 'failing');
CREATE INDEX "webhook_delivery_finished_at_idx" ON "webhook_delivery" ("finished_at");
