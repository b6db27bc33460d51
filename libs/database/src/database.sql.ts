/** The time of this transaction, as precise as the columns. */
export const TIME = 'SELECT now()::timestamptz(3) AS time';

/** Makes the partitions of this month and the next two. */
export const ENSURE_PARTITIONS = 'SELECT ensure_partitions(2)';

/** Sets how partitions store rows of their kind. */
export const SHAPE_PARTITIONS = 'SELECT shape_partitions()';
