/** BullMQ's own default. Its functions and tables are found by the search path. */
export const POSTGRES_SCHEMA = 'bullmq';
