-- Which process uploads a file to an account. A row instead of a lock, because nobody holds a connection during an
-- upload; one that a lost process left behind counts until its lease ends.
CREATE TABLE "attachment_upload" (
    "attachment_id" UUID NOT NULL,
    "provider" TEXT NOT NULL,
    "holder" UUID NOT NULL,
    "lease_until" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "attachment_upload_pkey" PRIMARY KEY ("attachment_id", "provider"),
    CONSTRAINT "attachment_upload_attachment_id_fkey" FOREIGN KEY ("attachment_id") REFERENCES "attachment" ("id") ON DELETE CASCADE
);
