import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Stage } from './stage.js';

/** The rows of one message in one statement and one transaction, in tables with the same indexes and no triggers. */
const SCRIPT = `
WITH m AS (
  INSERT INTO bench.message (id, client_id, category, delivery, requested_provider, provider, from_address, from_name,
    subject, html, tags, on_quota, recipient_count, batch_count, counts, routing, warnings, attachment_ids)
  SELECT uuidv7(), id, 'transactional', 'individual', 'auto', 'ncp', 'shop@shop.example.com', 'Shop', 'Order {{code}}',
    '<p>Hello {{name}}, your order {{code}} is on its way.</p>', '{}', 'defer', 1, 1, '{"queued": 1}',
    '{"provider": "ncp", "reason": "order"}', '{}', '{}' FROM client LIMIT 1 RETURNING id, client_id
), b AS (
  INSERT INTO bench.batch (id, message_id, provider, category, status, position_from, position_to, recipient_count,
    follower_count, due_at, next_attempt_at, enqueued_at)
  SELECT uuidv7(), id, 'ncp', 'transactional', 'queued', 0, 0, 1, 1, now(), now(), now() FROM m
), r AS (
  INSERT INTO bench.recipient (message_id, position, address, name, type, variables)
  SELECT id, 0, 'customer.' || id || '@example.com', 'Customer', 'to', '{"name": "Customer", "code": "100000"}' FROM m
)
INSERT INTO bench.event (id, client_id, message_id, type, data)
SELECT uuidv7(), client_id, id, 'message.accepted', '{"provider": "ncp", "recipientCount": 1, "batchCount": 1}' FROM m;
`;

/** @returns commits a second, or nothing where pgbench is not installed. */
export async function pgbenchRate(stage: Stage, seconds: number, connections: number): Promise<number | undefined> {
  if (!isInstalled()) return undefined;
  for (const table of ['message', 'batch', 'recipient', 'event']) {
    await stage.db.query(`CREATE TABLE bench.${table} (LIKE ${table} INCLUDING ALL)`);
  }
  await stage.db.query(`INSERT INTO client (id, name) VALUES (uuidv7(), 'bench') ON CONFLICT DO NOTHING`);
  await stage.settle();
  const folder = mkdtempSync(join(tmpdir(), 'gateway-pgbench-'));
  try {
    writeFileSync(join(folder, 'insert.sql'), SCRIPT);
    const args = ['-n', '-M', 'prepared', '-c', `${connections}`, '-j', '2', '-T', `${seconds}`, '-f', 'insert.sql'];
    const { stdout } = await promisify(execFile)('pgbench', [...args, stage.databaseUrl], { cwd: folder });
    return Math.round(Number(/tps = ([\d.]+)/.exec(stdout)?.[1]));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function isInstalled(): boolean {
  try {
    execFileSync('pgbench', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
