-- What the gateway knows of an account's own list: the common ground from which both sides' changes are told apart.
-- 'told': the account was given the address, its list has not shown it yet; 'seen': the list has shown it. Only of
-- what was seen can one say that it was taken away there. `stamp` is the account's word for when the entry was made:
-- another one is another entry, whatever zone its clock is in.
ALTER TABLE "suppression_copy"
    ADD COLUMN "state" TEXT NOT NULL DEFAULT 'seen',
    ADD COLUMN "stamp" TEXT,
    ADD CONSTRAINT "suppression_copy_state_is_known" CHECK ("state" IN ('told', 'seen'));

-- How far an account's list has been compared with ours. A pass is one comparison, `step` and `cursor` are where it
-- stands: whoever takes it over goes on from there.
CREATE TABLE "suppression_sync" (
    "provider" TEXT NOT NULL,
    "step" TEXT,
    "whole" BOOLEAN NOT NULL DEFAULT true,
    "since" TIMESTAMPTZ(3),
    "cursor" JSON,
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),
    "whole_at" TIMESTAMPTZ(3),
    "counts" JSONB NOT NULL DEFAULT '{}',
    "next_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "lease_until" TIMESTAMPTZ(3),
    "lease_token" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "suppression_sync_pkey" PRIMARY KEY ("provider"),
    CONSTRAINT "suppression_sync_step_is_known" CHECK ("step" IN ('read', 'missing', 'add', 'remove'))
);

-- Removals are few, and each comparison looks for them.
CREATE INDEX "suppression_removed_idx" ON "suppression" ("address") WHERE "removed_at" IS NOT NULL;
