import type { TableSize } from './disk.js';
import type { Reading } from './meter.js';

/** One mail to one recipient. */
export interface Mail {
  readonly queue: string;
  readonly plain: Reading;
  readonly keyed: Reading;
  /** Rows that mails with a key have added. */
  readonly disk: readonly TableSize[];
}

/** One recipient of a campaign. */
export interface Campaign {
  readonly recipients: number;
  readonly cost: Reading;
  readonly disk: readonly TableSize[];
}

/** The measured part of docs/scaling.md. */
export function costPage(mails: readonly Mail[], campaign: Campaign): string {
  const columns = [
    ...mails.flatMap(({ queue, plain, keyed }) => [
      { head: `mail, queue on ${queue}`, cost: plain },
      { head: `with Idempotency-Key, queue on ${queue}`, cost: keyed },
    ]),
    { head: `recipient of a campaign of ${campaign.recipients.toLocaleString('en')}`, cost: campaign.cost },
  ];
  const row = (what: string, read: (cost: Reading) => string): string =>
    `| ${[what, ...columns.map(({ cost }) => read(cost))].join(' | ')} |`;
  return [
    'Processor time from accept to the last report, with everything that belongs to it:',
    '',
    `| of one | ${columns.map(({ head }) => head).join(' | ')} |`,
    `|---|${columns.map(() => '---|').join('')}`,
    row('api', ({ api }) => time(api)),
    row('worker', ({ worker }) => time(worker)),
    row('PostgreSQL', ({ postgres }) => time(postgres)),
    row('Redis', ({ redis }) => time(redis)),
    row('statements', ({ statements }) => statements.toPrecision(2)),
    row('transactions', ({ transactions }) => transactions.toPrecision(2)),
    row('commands to Redis', ({ redisCommands }) => redisCommands.toPrecision(2)),
    row('write-ahead log', ({ log }) => bytes(log)),
    '',
    'Disk after delivery, with indexes, after VACUUM:',
    '',
    '| table | bytes a row | rows a single mail | bytes a single mail | bytes a recipient of the campaign |',
    '|---|---|---|---|---|',
    ...diskRows(mails[0]?.disk ?? [], campaign),
    '',
  ].join('\n');
}

function diskRows(mail: readonly TableSize[], campaign: Campaign): readonly string[] {
  const messages = mail.find(({ table }) => table === 'message')?.rows ?? 1;
  const ofRecipient = (name: string): number =>
    (campaign.disk.find(({ table }) => table === name)?.bytes ?? 0) / campaign.recipients;
  const lines = mail.map(({ table, rows, bytes: size }) => [
    table,
    rows > 0 ? bytes(size / rows) : '–',
    (rows / messages).toFixed(2),
    bytes(size / messages),
    bytes(ofRecipient(table)),
  ]);
  const total = mail.reduce((sum, one) => sum + one.bytes, 0) / messages;
  const campaignTotal = campaign.disk.reduce((sum, one) => sum + one.bytes, 0) / campaign.recipients;
  return [...lines, ['all', '', '', bytes(total), bytes(campaignTotal)]].map((cells) => `| ${cells.join(' | ')} |`);
}

const time = (ms: number): string => (ms < 0.1 ? `${(ms * 1000).toFixed(1)} µs` : `${ms.toFixed(2)} ms`);
const bytes = (n: number): string => Math.round(n).toLocaleString('en');
