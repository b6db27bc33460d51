-- The gateway's own audience: contacts with any number of addresses, groups of contacts, and what providers know of them.

CREATE TABLE "contact" (
    "id" UUID NOT NULL,
    "client_id" UUID NOT NULL,
    "external_id" TEXT,
    "name" TEXT,
    "attributes" JSONB NOT NULL DEFAULT '{}',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "contact_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "contact_address" (
    "contact_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "client_id" UUID NOT NULL,
    "address" TEXT NOT NULL,

    CONSTRAINT "contact_address_pkey" PRIMARY KEY ("contact_id","position")
);

CREATE TABLE "contact_group" (
    "id" UUID NOT NULL,
    "client_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT,
    "member_count" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "contact_group_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "group_member" (
    "group_id" UUID NOT NULL,
    "contact_id" UUID NOT NULL,

    CONSTRAINT "group_member_pkey" PRIMARY KEY ("group_id","contact_id")
);

-- A group as a provider's own list. Outlives the group, so that what was deleted here can be deleted there.
CREATE TABLE "group_copy" (
    "group_id" UUID NOT NULL,
    "provider" TEXT NOT NULL,
    "client_id" UUID NOT NULL,
    "remote_id" TEXT NOT NULL,
    "pushed_at" TIMESTAMPTZ(3),

    CONSTRAINT "group_copy_pkey" PRIMARY KEY ("group_id","provider")
);

-- The addresses that the provider's list has got: no vendor can be asked for them.
CREATE TABLE "group_copy_address" (
    "group_id" UUID NOT NULL,
    "provider" TEXT NOT NULL,
    "address" TEXT NOT NULL,

    CONSTRAINT "group_copy_address_pkey" PRIMARY KEY ("group_id","provider","address")
);

CREATE UNIQUE INDEX "contact_client_id_external_id_key" ON "contact"("client_id", "external_id");

CREATE INDEX "contact_client_id_id_idx" ON "contact"("client_id", "id");

CREATE UNIQUE INDEX "contact_group_client_id_name_key" ON "contact_group"("client_id", "name");

CREATE INDEX "contact_group_client_id_id_idx" ON "contact_group"("client_id", "id");

CREATE INDEX "group_member_contact_id_idx" ON "group_member"("contact_id");

CREATE INDEX "group_copy_client_id_provider_idx" ON "group_copy"("client_id", "provider");

ALTER TABLE "contact" ADD CONSTRAINT "contact_client_id_fkey" FOREIGN KEY ("client_id") REFERENCES "client"("id") ON DELETE CASCADE ON UPDATE NO ACTION;

ALTER TABLE "contact_address" ADD CONSTRAINT "contact_address_contact_id_fkey" FOREIGN KEY ("contact_id") REFERENCES "contact"("id") ON DELETE CASCADE ON UPDATE NO ACTION;

ALTER TABLE "contact_group" ADD CONSTRAINT "contact_group_client_id_fkey" FOREIGN KEY ("client_id") REFERENCES "client"("id") ON DELETE CASCADE ON UPDATE NO ACTION;

ALTER TABLE "group_member" ADD CONSTRAINT "group_member_group_id_fkey" FOREIGN KEY ("group_id") REFERENCES "contact_group"("id") ON DELETE CASCADE ON UPDATE NO ACTION;

ALTER TABLE "group_member" ADD CONSTRAINT "group_member_contact_id_fkey" FOREIGN KEY ("contact_id") REFERENCES "contact"("id") ON DELETE CASCADE ON UPDATE NO ACTION;

ALTER TABLE "group_copy" ADD CONSTRAINT "group_copy_client_id_fkey" FOREIGN KEY ("client_id") REFERENCES "client"("id") ON DELETE CASCADE ON UPDATE NO ACTION;

ALTER TABLE "group_copy_address" ADD CONSTRAINT "group_copy_address_group_id_provider_fkey" FOREIGN KEY ("group_id", "provider") REFERENCES "group_copy"("group_id", "provider") ON DELETE CASCADE ON UPDATE NO ACTION;

-- An address belongs to one contact of a client, however it is written.
CREATE UNIQUE INDEX "contact_address_key" ON "contact_address" ("client_id", lower("address"));

-- The number of members is kept with the group, whatever statement changes them. Groups are locked in order, so that
-- two statements never wait for each other.
CREATE FUNCTION group_members_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM contact_group WHERE id IN (SELECT group_id FROM changed) ORDER BY id FOR NO KEY UPDATE;
  UPDATE contact_group g
  SET member_count = g.member_count + CASE TG_OP WHEN 'INSERT' THEN c.members ELSE -c.members END
  FROM (SELECT group_id, count(*)::int AS members FROM changed GROUP BY group_id) AS c
  WHERE g.id = c.group_id;
  RETURN NULL;
END
$$;

CREATE TRIGGER "group_members_added" AFTER INSERT ON "group_member"
REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION group_members_changed();

CREATE TRIGGER "group_members_removed" AFTER DELETE ON "group_member"
REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION group_members_changed();

-- A message to an audience has no recipients until it is due. `expansion` is its status until then (or for good, when
-- it never gets any); `expand_at` says when a worker looks for them.
ALTER TABLE "message"
    ADD COLUMN "expansion" "message_status",
    ADD COLUMN "expand_at" TIMESTAMPTZ(3);

ALTER TABLE "message" ALTER COLUMN "status" SET EXPRESSION AS (coalesce("expansion", derive_message_status("counts")));

CREATE INDEX "message_expand_at_idx" ON "message" ("expand_at") WHERE "expand_at" IS NOT NULL;
