-- What is compared with now() has now()'s own precision: rounded to milliseconds, "now" can lie up to half a millisecond
-- ahead, and what is due at once is not due yet for a worker that is quick. Needs no rewrite of the table.
ALTER TABLE "batch"
    ALTER COLUMN "next_attempt_at" TYPE TIMESTAMPTZ(6),
    ALTER COLUMN "next_poll_at" TYPE TIMESTAMPTZ(6),
    ALTER COLUMN "lease_until" TYPE TIMESTAMPTZ(6);
