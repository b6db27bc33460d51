-- The period by which an account counts its quota; NULL: the month of Asia/Seoul, as all accounts did before. Its first day
-- is the "month" of provider_usage.
ALTER TABLE "provider_account"
    ADD COLUMN "quota_per" TEXT,
    ADD COLUMN "quota_time_zone" TEXT;
