-- Where the parts of a message come from: files, a template of ours or of the provider, a group expression, or an
-- earlier message whose failed recipients get it again.
ALTER TABLE "message"
    ADD COLUMN "attachment_ids" UUID[] NOT NULL DEFAULT '{}',
    ADD COLUMN "template_id" UUID,
    ADD COLUMN "template_version" INTEGER,
    ADD COLUMN "provider_template_id" TEXT,
    ADD COLUMN "audience" JSON,
    ADD COLUMN "redrive_of" UUID;
