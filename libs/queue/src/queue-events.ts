import type { ClientBase } from 'pg';
import * as sql from './queue-events.sql.js';

/**
 * BullMQ (6.7) writes three events for every job, for readers that the gateway does not have, and signals each of them,
 * which wakes the connection of every worker (docs/adr/0046-no-events-of-jobs.md). Its migrations may bring the function
 * back, so this is looked at with each of ours.
 * @param session by the role that owns the queue's tables.
 */
export async function leaveOutEvents(session: ClientBase): Promise<void> {
  const { rows } = await session.query<{ done: boolean }>(sql.ARE_LEFT_OUT);
  if (rows[0]?.done === true) return;
  try {
    await session.query(sql.LEAVE_OUT);
  } catch (error) {
    await session.query('ROLLBACK');
    throw error;
  }
}
