-- How far the list of the news of all requests of an account has been read. One worker reads it at a time, under a lease.
CREATE TABLE "provider_updates" (
    "provider" TEXT NOT NULL,
    "cursor" JSON,
    "next_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "read_at" TIMESTAMPTZ(6),
    "lease_until" TIMESTAMPTZ(6),
    "lease_token" INTEGER NOT NULL DEFAULT 0,
    "failures" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "provider_updates_pkey" PRIMARY KEY ("provider")
);
