-- Files that messages carry. A file is stored once, in pieces, and copied to a provider when a mail first needs it there.

CREATE TABLE "attachment" (
    "id" UUID NOT NULL,
    "client_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "size" INTEGER NOT NULL,
    "content_type" TEXT NOT NULL,
    "sha256" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "deleted_at" TIMESTAMPTZ(3),
    "swept_at" TIMESTAMPTZ(3),

    CONSTRAINT "attachment_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "attachment_chunk" (
    "attachment_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "data" BYTEA NOT NULL,

    CONSTRAINT "attachment_chunk_pkey" PRIMARY KEY ("attachment_id","number")
);

-- Most files are compressed already: trying again would only take time.
ALTER TABLE "attachment_chunk" ALTER COLUMN "data" SET STORAGE EXTERNAL;

CREATE TABLE "attachment_copy" (
    "attachment_id" UUID NOT NULL,
    "provider" TEXT NOT NULL,
    "file_id" TEXT NOT NULL,
    "detail" JSON,
    "uploaded_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "attachment_copy_pkey" PRIMARY KEY ("attachment_id","provider")
);

CREATE INDEX "attachment_client_id_id_idx" ON "attachment"("client_id", "id");

ALTER TABLE "attachment" ADD CONSTRAINT "attachment_client_id_fkey" FOREIGN KEY ("client_id") REFERENCES "client"("id") ON DELETE RESTRICT ON UPDATE NO ACTION;

ALTER TABLE "attachment_chunk" ADD CONSTRAINT "attachment_chunk_attachment_id_fkey" FOREIGN KEY ("attachment_id") REFERENCES "attachment"("id") ON DELETE CASCADE ON UPDATE NO ACTION;

ALTER TABLE "attachment_copy" ADD CONSTRAINT "attachment_copy_attachment_id_fkey" FOREIGN KEY ("attachment_id") REFERENCES "attachment"("id") ON DELETE CASCADE ON UPDATE NO ACTION;

-- What the sweep looks for: files that were deleted, and whether an unfinished message still needs them.
CREATE INDEX "attachment_deleted_idx" ON "attachment" ("deleted_at") WHERE "deleted_at" IS NOT NULL;
CREATE INDEX "message_unfinished_attachment_idx" ON "message" USING gin ("attachment_ids")
  WHERE "attachment_ids" <> '{}' AND "completed_at" IS NULL;
