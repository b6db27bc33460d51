-- A key is written with every mail, in the same statement. The look-up of its client, whom the request has just been
-- authenticated as and who is never deleted, was a third of what a key cost here.
ALTER TABLE idempotency_key DROP CONSTRAINT idempotency_key_client_id_fkey;
