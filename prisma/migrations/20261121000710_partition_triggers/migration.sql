-- Many recipients of one message are copied into their partition by its own name: routing each row there through the
-- parent costs a fifth of the whole. Triggers of statements fire for the table that is named, so each partition has the
-- parent's.
CREATE FUNCTION attach_recipient_triggers(partition text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format(
    'CREATE TRIGGER recipient_insert_moves_statistics AFTER INSERT ON %I
     REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION recipient_insert_moves_statistics()', partition);
END
$$;

SELECT attach_recipient_triggers(inhrelid::regclass::text) FROM pg_inherits WHERE inhparent = 'recipient'::regclass;

CREATE OR REPLACE FUNCTION ensure_partitions(months_ahead integer) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  parent text;
  first_day timestamptz;
  name text;
  made integer := 0;
BEGIN
  FOR i IN 0 .. months_ahead LOOP
    first_day := date_trunc('month', now() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC' + make_interval(months => i);
    FOREACH parent IN ARRAY ARRAY['recipient', 'event'] LOOP
      name := parent || '_' || to_char(first_day AT TIME ZONE 'UTC', 'YYYY_MM');
      CONTINUE WHEN to_regclass(format('%I', name)) IS NOT NULL;
      EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L) WITH (fillfactor = 90)', name, parent,
        uuid7_floor(first_day), uuid7_floor((first_day AT TIME ZONE 'UTC' + interval '1 month') AT TIME ZONE 'UTC'));
      IF parent = 'recipient' THEN PERFORM attach_recipient_triggers(name); END IF;
      made := made + 1;
    END LOOP;
  END LOOP;
  RETURN made;
END
$$;
