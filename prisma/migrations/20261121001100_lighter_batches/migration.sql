-- A mail of one recipient is one batch: what each of its updates costs is a good part of what the mail costs.

-- A batch has a request id from the moment that a provider has taken it. Until then (when it is planned, when it is
-- claimed) its entry would say nothing.
CREATE UNIQUE INDEX "batch_request_key" ON "batch" ("provider", "provider_request_id")
  WHERE "provider_request_id" IS NOT NULL;
DROP INDEX "batch_provider_provider_request_id_key";

-- Its outcome is written into each attempt, once, soon after: room in its page spares new entries in both indexes (HOT).
ALTER TABLE "attempt" SET (fillfactor = 80);
