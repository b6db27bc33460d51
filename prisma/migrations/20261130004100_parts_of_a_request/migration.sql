-- A request that a provider took without some recipients for now becomes several batches with the same request id. They
-- are numbered, so that no other batch can adopt a request that one has already.
ALTER TABLE "batch" ADD COLUMN "request_part" INTEGER NOT NULL DEFAULT 0;
DROP INDEX "batch_request_key";
CREATE UNIQUE INDEX "batch_request_key" ON "batch" ("provider", "provider_request_id", "request_part")
    WHERE "provider_request_id" IS NOT NULL;
