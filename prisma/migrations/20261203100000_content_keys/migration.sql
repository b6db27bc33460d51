-- Contents can be encrypted. A message and a file each have a key of their own, which encrypts their values: the texts and
-- `variables` of the message, `variables` of its recipients (both a JSON string then), and the pieces of the file. The row
-- has that key, encrypted with one of CONTENT_KEYS: `1.<id of the key>.<base64>`. NULL: the row is not encrypted.
ALTER TABLE message ADD COLUMN content_key text;
ALTER TABLE attachment ADD COLUMN content_key text;

-- By the id of the key, for the sweep that replaces older keys and for counting what still needs them.
CREATE INDEX message_content_key_idx ON message (split_part(content_key, '.', 2), id) WHERE content_key IS NOT NULL;
CREATE INDEX attachment_content_key_idx ON attachment (split_part(content_key, '.', 2), id) WHERE content_key IS NOT NULL;
