-- Since when an account is closed (paused, out of order, asked to be left alone), and when it was last opened again: jobs
-- for its batches from before that have been dropped.
ALTER TABLE "provider_account" ADD COLUMN "closed_at" TIMESTAMPTZ(3), ADD COLUMN "opened_at" TIMESTAMPTZ(3);

-- Waiting batches are found by account and lane, so that those of other accounts cost nothing. Few are in doubt, and few
-- were put off.
DROP INDEX "batch_due_idx";
CREATE INDEX "batch_waiting_idx" ON "batch" ("provider", "category", "next_attempt_at")
  WHERE status IN ('scheduled', 'queued', 'deferred');
CREATE INDEX "batch_put_off_idx" ON "batch" ("due_at")
  WHERE status IN ('scheduled', 'queued', 'deferred') AND next_attempt_at - due_at > interval '1 s';
CREATE INDEX "batch_doubt_idx" ON "batch" ("next_attempt_at") WHERE status = 'unconfirmed';
