-- A worker may have read events, or a request that is sent again, before an erasure masked them, and write the request
-- down afterwards. It compares this number with the one from before it read.
ALTER TABLE webhook_endpoint ADD COLUMN erasures bigint NOT NULL DEFAULT 0;

-- An erasure wanted a list at an account to be updated while a push to it was under way, which ended by wanting nothing.
ALTER TABLE group_copy ADD COLUMN woken boolean NOT NULL DEFAULT false;

-- Differences that shadows of routes have shown quote texts of messages; those of messages that are erased already go.
UPDATE route_shadow s SET examples = '[]'
WHERE EXISTS (
  SELECT FROM json_array_elements(s.examples) AS e
  WHERE NOT EXISTS (SELECT FROM message m WHERE m.id = (e ->> 'messageId')::uuid AND m.erased_at IS NULL));

-- The same for words of providers about batches.
UPDATE batch b SET provider_message = NULL
FROM message m WHERE m.id = b.message_id AND m.erased_at IS NOT NULL AND b.provider_message IS NOT NULL;
