-- One push of a template to an account at a time; copies that a worker has to look at, because their template was
-- deleted or restored.
ALTER TABLE "template_copy" ADD COLUMN "busy_until" TIMESTAMPTZ(3), ADD COLUMN "retry_at" TIMESTAMPTZ(3);
CREATE INDEX "template_copy_retry_at_idx" ON "template_copy"("retry_at") WHERE "retry_at" IS NOT NULL;

-- Only categories that were made there by a push are removed with ours.
ALTER TABLE "template_category_copy" ADD COLUMN "made" BOOLEAN NOT NULL DEFAULT true;

-- Categories at accounts whose own here are gone.
CREATE TABLE "template_category_removal" (
    "provider" TEXT NOT NULL,
    "provider_category_id" TEXT NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "retry_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "template_category_removal_pkey" PRIMARY KEY ("provider", "provider_category_id")
);
