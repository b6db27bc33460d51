-- What all workers know together of an account: who paused it, its circuit breaker, its pace; and of a batch: how often
-- its worker was lost, which accounts have refused it, when it may go.

ALTER TABLE "provider_account"
  -- 'operator', or 'gateway' when the provider refused the credentials.
  ADD COLUMN "paused_by" TEXT,
  -- Failures in a row that were no verdict on a mail.
  ADD COLUMN "failures" INTEGER NOT NULL DEFAULT 0,
  -- The breaker is open while this is set; when it has passed, one batch may try.
  ADD COLUMN "open_until" TIMESTAMPTZ(3),
  ADD COLUMN "open_reason" TEXT,
  -- The next moment that the pace leaves free.
  ADD COLUMN "pace_at" TIMESTAMPTZ(3);

UPDATE "provider_account" SET "paused_by" = 'operator' WHERE "paused_at" IS NOT NULL;

ALTER TABLE "batch"
  ADD COLUMN "loss_count" INTEGER NOT NULL DEFAULT 0,
  ADD COLUMN "paced_at" TIMESTAMPTZ(3),
  ADD COLUMN "left_providers" TEXT[] NOT NULL DEFAULT '{}';

-- How many recipients the request carried: what it takes of the account's month.
ALTER TABLE "attempt" ADD COLUMN "recipients" INTEGER;
