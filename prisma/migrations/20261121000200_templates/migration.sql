-- Templates with versions and a tree of categories, and what of them stands at providers.
CREATE TABLE "template_category" (
    "id" UUID NOT NULL,
    "client_id" UUID NOT NULL,
    "parent_id" UUID,
    "name" TEXT NOT NULL,
    "description" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "template_category_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "template" (
    "id" UUID NOT NULL,
    "client_id" UUID NOT NULL,
    "category_id" UUID,
    "name" TEXT NOT NULL,
    "description" TEXT,
    "enabled" BOOLEAN NOT NULL DEFAULT true,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "deleted_at" TIMESTAMPTZ(3),

    CONSTRAINT "template_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "template_version" (
    "template_id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "from_address" TEXT,
    "from_name" TEXT,
    "subject" TEXT NOT NULL,
    "html" TEXT,
    "text" TEXT,
    "attachment_ids" UUID[] NOT NULL DEFAULT '{}',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "template_version_pkey" PRIMARY KEY ("template_id", "version")
);

CREATE TABLE "template_copy" (
    "template_id" UUID NOT NULL,
    "provider" TEXT NOT NULL,
    "provider_template_id" TEXT,
    "provider_category_id" TEXT,
    "version" INTEGER,
    "fingerprint" TEXT,
    "removed" BOOLEAN NOT NULL DEFAULT false,
    "pushed_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "template_copy_pkey" PRIMARY KEY ("template_id", "provider")
);

CREATE TABLE "template_category_copy" (
    "category_id" UUID NOT NULL,
    "provider" TEXT NOT NULL,
    "provider_category_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "template_category_copy_pkey" PRIMARY KEY ("category_id", "provider")
);

CREATE INDEX "template_category_client_id_id_idx" ON "template_category"("client_id", "id");
CREATE INDEX "template_category_parent_id_idx" ON "template_category"("parent_id");
CREATE INDEX "template_client_id_id_idx" ON "template"("client_id", "id");
CREATE INDEX "template_category_id_idx" ON "template"("category_id");
CREATE INDEX "template_copy_provider_provider_template_id_idx" ON "template_copy"("provider", "provider_template_id");

-- Messages of a template, newest first. Most messages have none.
CREATE INDEX "message_client_id_template_id_id_idx" ON "message"("client_id", "template_id", "id")
    WHERE "template_id" IS NOT NULL;

ALTER TABLE "template_category" ADD CONSTRAINT "template_category_client_id_fkey" FOREIGN KEY ("client_id") REFERENCES "client"("id") ON DELETE CASCADE ON UPDATE NO ACTION;
ALTER TABLE "template_category" ADD CONSTRAINT "template_category_parent_id_fkey" FOREIGN KEY ("parent_id") REFERENCES "template_category"("id") ON DELETE RESTRICT ON UPDATE NO ACTION;
ALTER TABLE "template" ADD CONSTRAINT "template_client_id_fkey" FOREIGN KEY ("client_id") REFERENCES "client"("id") ON DELETE CASCADE ON UPDATE NO ACTION;
ALTER TABLE "template" ADD CONSTRAINT "template_category_id_fkey" FOREIGN KEY ("category_id") REFERENCES "template_category"("id") ON DELETE SET NULL ON UPDATE NO ACTION;
ALTER TABLE "template_version" ADD CONSTRAINT "template_version_template_id_fkey" FOREIGN KEY ("template_id") REFERENCES "template"("id") ON DELETE CASCADE ON UPDATE NO ACTION;
ALTER TABLE "template_copy" ADD CONSTRAINT "template_copy_template_id_fkey" FOREIGN KEY ("template_id") REFERENCES "template"("id") ON DELETE CASCADE ON UPDATE NO ACTION;
ALTER TABLE "template_category_copy" ADD CONSTRAINT "template_category_copy_category_id_fkey" FOREIGN KEY ("category_id") REFERENCES "template_category"("id") ON DELETE CASCADE ON UPDATE NO ACTION;
