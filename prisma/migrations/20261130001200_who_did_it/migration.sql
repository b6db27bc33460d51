-- Which key did it. Null: before this migration, or the gateway itself. No foreign keys: keys are revoked, never
-- deleted, and a message must not pay a look-up for it.
ALTER TABLE api_key
  -- The one of GATEWAY_API_KEY; its successor revokes it.
  ADD COLUMN first boolean NOT NULL DEFAULT false,
  -- Revoked by its successor, not by a caller: it works again when the environment names it again.
  ADD COLUMN replaced boolean NOT NULL DEFAULT false,
  ADD COLUMN created_by uuid,
  ADD COLUMN revoked_by uuid;

UPDATE api_key k SET first = true FROM client c
WHERE c.id = k.client_id AND c.name = 'default' AND k.name = 'first key' AND 'admin' = ANY (k.scopes);

ALTER TABLE message ADD COLUMN created_by uuid;
ALTER TABLE suppression ADD COLUMN created_by uuid, ADD COLUMN removed_by uuid;
ALTER TABLE template ADD COLUMN updated_by uuid;
ALTER TABLE template_version ADD COLUMN created_by uuid;
ALTER TABLE provider_account
  ADD COLUMN paused_by_key uuid,
  ADD COLUMN resumed_at timestamptz(3),
  ADD COLUMN resumed_by_key uuid;
