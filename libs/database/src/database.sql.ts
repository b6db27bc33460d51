/** Asks for an answer, whatever it is. */
export const PING = 'SELECT 1';

/** Asks for the time of this transaction, as precise as the columns. */
export const TIME = 'SELECT now()::timestamptz(3) AS time';

/** Has all statements of this transaction, which only reads, see the database as it is at the first of them. */
export const SEE_ONE_MOMENT = 'SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY';

/** Makes the partitions of this month and the next two. */
export const ENSURE_PARTITIONS = 'SELECT ensure_partitions(2)';

/** Sets how partitions store rows of their kind. */
export const SHAPE_PARTITIONS = 'SELECT shape_partitions()';

/** Finds the schema of the tables, whether they are there, and as whom this session looks for them. */
export const FIND_SCHEMA = `SELECT current_schema() AS schema, to_regclass('message') IS NOT NULL AS there, current_user AS role, current_setting('search_path') AS path`;

/** Finds whether a table is a partition of the recipients. */
export const IS_RECIPIENT_PARTITION = `
  SELECT EXISTS (
    SELECT FROM pg_inherits WHERE inhrelid = to_regclass($1) AND inhparent = 'recipient'::regclass
  ) AS there`;

/** Asks what time it is, in milliseconds of the epoch. */
export const CLOCK = 'SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS at';

/** Lifts the limit of a statement for a COPY, which lasts as long as its upload, until the transaction ends. */
export const WITHOUT_TIME_LIMIT = 'SET LOCAL statement_timeout = 0';

/** Gives the keys of the hashes of erased addresses ($1) to a session. */
export const BRING_HASH_KEYS = `SELECT set_config('gateway.erasure_keys', $1, false)`;

/** Fails in a session without a key on which suppressions of erased addresses depend. */
export const EXPECT_HASH_KEYS = 'SELECT FROM erased_keys()';
