-- Who changed what. Rows are only ever added: a trigger refuses everything else, from any role.
CREATE TABLE audit_entry (
  id uuid PRIMARY KEY,
  -- In the order of commits, with the events: see docs/adr/0022-positions-under-a-lock.md.
  position bigint NOT NULL DEFAULT next_event_position(),
  at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  -- The key of the caller and its client; null: a process of the gateway acted by itself.
  key_id uuid,
  client_id uuid,
  client text,
  process text NOT NULL,
  action text NOT NULL,
  target text,
  before jsonb,
  after jsonb,
  request_id text
);
CREATE UNIQUE INDEX audit_entry_position_idx ON audit_entry (position);
CREATE INDEX audit_entry_client_id_position_idx ON audit_entry (client_id, position);
CREATE INDEX audit_entry_key_id_position_idx ON audit_entry (key_id, position);
CREATE INDEX audit_entry_target_position_idx ON audit_entry (target, position);
CREATE INDEX audit_entry_at_idx ON audit_entry (at);

-- The time of an entry is the database's: one that could be given would let a new entry look old enough to be erased.
-- An entry that is older than 30 days may be erased, by the function below.
CREATE FUNCTION keep_audit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    NEW.at := clock_timestamp();
    RETURN NEW;
  END IF;
  IF TG_OP = 'DELETE' AND current_setting('gateway.erases_audit', true) = 'on'
    AND OLD.at < clock_timestamp() - interval '30 days'
  THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'the audit log is append-only' USING ERRCODE = 'insufficient_privilege';
END
$$;

CREATE TRIGGER keep_audit BEFORE INSERT OR UPDATE OR DELETE ON audit_entry FOR EACH ROW EXECUTE FUNCTION keep_audit();
CREATE TRIGGER keep_whole_audit BEFORE TRUNCATE ON audit_entry FOR EACH STATEMENT EXECUTE FUNCTION keep_audit();

-- The application's role may add and read entries, and erase through this function only, which runs as the owner.
CREATE FUNCTION erase_audit(older_than timestamptz, most integer) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  erased integer;
BEGIN
  PERFORM set_config('gateway.erases_audit', 'on', true);
  DELETE FROM audit_entry WHERE id IN (
    SELECT id FROM audit_entry WHERE at < least(older_than, clock_timestamp() - interval '30 days') ORDER BY at LIMIT most);
  GET DIAGNOSTICS erased = ROW_COUNT;
  PERFORM set_config('gateway.erases_audit', 'off', true);
  RETURN erased;
END
$$;

DO $$
BEGIN
  ALTER FUNCTION erase_audit(timestamptz, integer) SECURITY DEFINER;
  EXECUTE format('ALTER FUNCTION erase_audit(timestamptz, integer) SET search_path = %I, pg_temp', current_schema());
  REVOKE EXECUTE ON FUNCTION erase_audit(timestamptz, integer) FROM PUBLIC;
END
$$;
