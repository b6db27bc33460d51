-- Keys that have rotated this one, and so were shown a secret of it: they may not release through it what they hold.
ALTER TABLE api_key ADD COLUMN rotated_by uuid[] NOT NULL DEFAULT '{}';
