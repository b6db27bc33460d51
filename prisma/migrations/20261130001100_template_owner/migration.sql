-- Whose is the template that a message names by its id at an account? Asked for each such message, in any spelling.
CREATE INDEX template_copy_any_spelling ON template_copy (provider, lower(provider_template_id));
