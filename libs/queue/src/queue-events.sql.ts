import { POSTGRES_SCHEMA } from './queue-schema.js';

const PUBLISH = `${POSTGRES_SCHEMA}.publish_event(text, text, jsonb)`;

/** Checks whether events are left out: BullMQ's own function is in PL/pgSQL, the replacement in SQL. */
export const ARE_LEFT_OUT = `
  SELECT prosqlbody IS NOT NULL AND EXISTS (
    SELECT FROM pg_trigger WHERE tgname = 'left_out' AND tgrelid = '${POSTGRES_SCHEMA}.event'::regclass) AS done
  FROM pg_proc WHERE oid = '${PUBLISH}'::regprocedure`;

/**
 * Leaves events out, one migration at a time. The trigger is for BullMQ's bulk additions, which write events by
 * themselves and rely on the function to delete old ones.
 */
export const LEAVE_OUT = `
  BEGIN;
  SELECT pg_advisory_xact_lock(hashtext('events of the queue are left out'));
  CREATE OR REPLACE FUNCTION ${POSTGRES_SCHEMA}.publish_event(p_queue text, p_event text, p_data jsonb) RETURNS bigint
  LANGUAGE sql RETURN 0::bigint;
  CREATE OR REPLACE FUNCTION ${POSTGRES_SCHEMA}.leave_out() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
  CREATE OR REPLACE TRIGGER left_out BEFORE INSERT ON ${POSTGRES_SCHEMA}.event
  FOR EACH ROW EXECUTE FUNCTION ${POSTGRES_SCHEMA}.leave_out();
  TRUNCATE ${POSTGRES_SCHEMA}.event;
  COMMIT`;
