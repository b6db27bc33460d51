/** The time of this transaction, as precise as the columns. */
export const TIME = 'SELECT now()::timestamptz(3) AS time';

/** Has all statements of this transaction, which only reads, see the database as it is at the first of them. */
export const SEE_ONE_MOMENT = 'SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY';

/** Makes the partitions of this month and the next two. */
export const ENSURE_PARTITIONS = 'SELECT ensure_partitions(2)';

/** Sets how partitions store rows of their kind. */
export const SHAPE_PARTITIONS = 'SELECT shape_partitions()';
