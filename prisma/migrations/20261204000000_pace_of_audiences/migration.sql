-- As before, and: what is owed may be as large as it likes (an audience, a stream); a debt ends at 2,000,000,000.
CREATE OR REPLACE FUNCTION take_pace(
  key uuid, which smallint, most integer, owed integer, needed integer, wanted integer,
  OUT granted integer, OUT remaining integer, OUT ends_in_ms float8
) LANGUAGE plpgsql AS $$
DECLARE
  at timestamptz;
  begun timestamptz;
  taken integer;
  seconds integer;
BEGIN
  INSERT INTO key_pace (api_key_id, kind, since, used) VALUES (key, which, clock_timestamp(), 0) ON CONFLICT DO NOTHING;
  SELECT since, used INTO begun, taken FROM key_pace WHERE api_key_id = key AND kind = which FOR UPDATE;
  at := clock_timestamp();
  IF at < begun THEN
    -- The clock of the database was set back.
    begun := at;
  END IF;
  seconds := least(floor(extract(epoch FROM at - begun)), 1000000)::integer;
  IF seconds > 0 THEN
    taken := greatest(0, taken - seconds::bigint * most)::integer;
    begun := CASE WHEN seconds > 1 AND taken = 0 THEN at ELSE begun + make_interval(secs => seconds) END;
  END IF;
  taken := least(taken::bigint + owed, 2000000000)::integer;
  granted := CASE
    WHEN taken + needed <= most THEN greatest(needed, least(wanted, most - taken))
    -- More than a whole second has: let through when something is left, and paid for afterwards.
    WHEN needed > most AND taken < most THEN needed
    ELSE 0
  END;
  taken := taken + granted;
  remaining := greatest(0, most - taken);
  ends_in_ms := extract(epoch FROM begun + interval '1 second' - at) * 1000;
  UPDATE key_pace SET since = begun, used = taken WHERE api_key_id = key AND kind = which;
END
$$;
