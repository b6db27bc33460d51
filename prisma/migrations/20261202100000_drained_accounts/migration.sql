-- An account that an operator drains takes nothing new. Which accounts have credentials is known to running processes
-- only, so each notes its own from time to time: mail of an account that no process has is stranded.
ALTER TABLE "provider_account" ADD COLUMN "drained_at" TIMESTAMPTZ(3), ADD COLUMN "drain_reason" TEXT,
  ADD COLUMN "drained_by_key" UUID, ADD COLUMN "configured_at" TIMESTAMPTZ(3), ADD COLUMN "stranded_at" TIMESTAMPTZ(3);

-- From now on every configured account has a row; mail may be of one that was removed before.
INSERT INTO "provider_account" ("name")
SELECT DISTINCT "provider" FROM "batch"
WHERE "status" IN ('scheduled', 'queued', 'deferred') OR "status" = 'unconfirmed' OR "next_poll_at" IS NOT NULL
ON CONFLICT ("name") DO NOTHING;
