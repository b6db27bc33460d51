-- Up to when a hint (a push of a vendor that proves nothing) has moved the next poll or look-up of a batch forward: the
-- next hint has to wait a while, however many come.
ALTER TABLE "batch" ADD COLUMN "hinted_at" TIMESTAMPTZ(6);
