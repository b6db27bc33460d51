-- Groups kept in step with lists of the providers' own, and messages that go to such lists.

-- A copy is claimed under its name there before the list is made. `wanted_at`: there is something to do, whoever comes
-- by; who does it holds the lease. `in_step`: the list has everybody who was in the group when it was last pushed.
ALTER TABLE "group_copy"
    ALTER COLUMN "remote_id" DROP NOT NULL,
    ADD COLUMN "remote_name" TEXT,
    ADD COLUMN "group_name" TEXT,
    ADD COLUMN "address_count" INTEGER NOT NULL DEFAULT 0,
    ADD COLUMN "in_step" BOOLEAN NOT NULL DEFAULT false,
    ADD COLUMN "wanted_at" TIMESTAMPTZ(3),
    ADD COLUMN "lease_until" TIMESTAMPTZ(3),
    ADD COLUMN "lease_token" INTEGER NOT NULL DEFAULT 0;

CREATE UNIQUE INDEX "group_copy_provider_remote_name_key" ON "group_copy"("provider", "remote_name");

CREATE INDEX "group_copy_wanted_at_idx" ON "group_copy" ("wanted_at") WHERE "wanted_at" IS NOT NULL;

-- Written before the provider is told, confirmed after: what a crash leaves behind may stand there.
DROP TABLE "group_copy_address";

CREATE TABLE "group_copy_address" (
    "group_id" UUID NOT NULL,
    "provider" TEXT NOT NULL,
    "contact_id" UUID NOT NULL,
    "address" TEXT NOT NULL,
    "confirmed" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "group_copy_address_pkey" PRIMARY KEY ("group_id","provider","contact_id","address")
);

CREATE INDEX "group_copy_address_provider_contact_id_idx" ON "group_copy_address"("provider", "contact_id");

CREATE INDEX "group_copy_address_provider_address_idx" ON "group_copy_address"("provider", "address");

ALTER TABLE "group_copy_address" ADD CONSTRAINT "group_copy_address_group_id_provider_fkey" FOREIGN KEY ("group_id", "provider") REFERENCES "group_copy"("group_id", "provider") ON DELETE CASCADE ON UPDATE NO ACTION;

-- What was deleted here is deleted there.
CREATE FUNCTION group_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE group_copy SET wanted_at = now(), in_step = false WHERE group_id = OLD.id;
  RETURN NULL;
END
$$;

CREATE TRIGGER "group_deleted" AFTER DELETE ON "contact_group" FOR EACH ROW EXECUTE FUNCTION group_deleted();

-- The addresses that a group's lists are to have, one row each. Who gets no mail at all is on none.
CREATE FUNCTION list_addresses(of_group uuid, after uuid)
RETURNS TABLE (contact_id uuid, address text) LANGUAGE sql STABLE AS $$
  SELECT m.contact_id, a.address
  FROM group_member m JOIN contact_address a ON a.contact_id = m.contact_id
  WHERE m.group_id = of_group AND m.contact_id > after
    AND NOT EXISTS (
      SELECT FROM suppression s
      WHERE s.address = lower(a.address) AND s.scope = 'all' AND s.removed_at IS NULL
        AND (s.expires_at IS NULL OR s.expires_at > now())
    )
$$;

-- What an account was last seen to have, or to have no more, of what a vendor may end.
CREATE TABLE "provider_feature" (
    "provider" TEXT NOT NULL,
    "feature" TEXT NOT NULL,
    "retired" BOOLEAN NOT NULL,
    "checked_at" TIMESTAMPTZ(3) NOT NULL,
    "code" TEXT,
    "message" TEXT,

    CONSTRAINT "provider_feature_pkey" PRIMARY KEY ("provider","feature")
);

-- A batch to a provider's list: its recipients come into being as the provider reports them. `listed`: all have been.
ALTER TABLE "batch"
    ADD COLUMN "of_list" BOOLEAN NOT NULL DEFAULT false,
    ADD COLUMN "listed" BOOLEAN NOT NULL DEFAULT false;

-- Until all recipients are known the message's status is the one of its only batch.
CREATE FUNCTION list_status(status batch_status, listed boolean, recipients integer) RETURNS message_status
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE
    WHEN listed OR status = 'settled' THEN NULL
    WHEN status = 'scheduled' THEN 'scheduled'
    WHEN status IN ('queued', 'deferred', 'replanned') THEN 'queued'
    WHEN status IN ('dispatching', 'unconfirmed', 'submitted', 'sending') THEN 'sending'
    WHEN recipients > 0 THEN NULL
    WHEN status = 'cancelled' THEN 'cancelled'
    ELSE 'failed'
  END::message_status
$$;

CREATE FUNCTION batch_moves_expansion() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE message SET expansion = list_status(NEW.status, NEW.listed, NEW.recipient_count)
  WHERE id = NEW.message_id;
  RETURN NULL;
END
$$;

CREATE TRIGGER "batch_moves_expansion" AFTER UPDATE OF "status", "listed" ON "batch"
FOR EACH ROW
WHEN (NEW.of_list AND (OLD.status <> NEW.status OR OLD.listed <> NEW.listed))
EXECUTE FUNCTION batch_moves_expansion();
