-- The log: every event has a position, and positions are read in order. A position is given while its transaction is
-- under way, so a later one may be committed first. Therefore the writer holds a lock (shared: writers do not wait for
-- each other) from before it takes a position until it has committed, and a reader goes no further than those who hold
-- it allow (libs/database/src/events/log-horizon.ts). This is the only place that gives positions: a column default, so
-- no INSERT can avoid it.
CREATE SEQUENCE event_position_seq CACHE 1;

-- The number is that of `log` in libs/database/src/advisory-locks.ts.
CREATE FUNCTION next_event_position() RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock_shared(15);
  RETURN nextval('event_position_seq');
END
$$;

ALTER TABLE event ADD COLUMN position bigint, ALTER COLUMN message_id DROP NOT NULL;

-- Ids were the order until now. Rows for many recipients have the recipients by change: status, reason and the
-- provider's code and words as they were at that time, which older rows did not keep.
UPDATE event e
SET position = o.position,
  data = CASE WHEN e.type <> 'recipients' THEN e.data ELSE json_build_object(
    'changes', (
      SELECT coalesce(json_agg(json_strip_nulls(json_build_object('status', s.key, 'reason', e.data -> 'reason',
        'code', e.data #> '{provider,code}', 'message', e.data #> '{provider,message}', 'positions', s.value))), '[]')
      FROM json_each(e.data -> 'statuses') s),
    'opened', e.data -> 'opened', 'provider', e.data #> '{provider,name}') END
FROM (SELECT id, row_number() OVER (ORDER BY id) AS position FROM event) o
WHERE e.id = o.id;
SELECT setval('event_position_seq', max(position)) FROM event HAVING max(position) IS NOT NULL;

ALTER TABLE event ALTER COLUMN position SET NOT NULL, ALTER COLUMN position SET DEFAULT next_event_position();

DROP INDEX event_message_id_id_idx;
DROP INDEX event_client_id_id_idx;
CREATE INDEX event_message_id_position_idx ON event (message_id, position);
CREATE INDEX event_client_id_position_idx ON event (client_id, position);
