-- Since when the quota of an account's period is used up, and when it last had room again. Batches wait for that without
-- being touched, so nothing about them tells that their time does not run meanwhile.
ALTER TABLE "provider_account" ADD COLUMN "used_up_at" TIMESTAMPTZ(3), ADD COLUMN "refilled_at" TIMESTAMPTZ(3);
