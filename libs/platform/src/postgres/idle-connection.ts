/**
 * Milliseconds for which a pool keeps a connection that is not in use. A new one costs PostgreSQL and this process some
 * 20 ms of processor, so it should outlast the pause between two rounds of work that comes again and again. The longest
 * is half a minute: the look of a queue for stalled jobs.
 */
export const IDLE_CONNECTION_MS = 120_000;
