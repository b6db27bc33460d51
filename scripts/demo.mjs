// `npm run demo [-- --timeout=60 more.json …]`: a sandbox gateway of its own sends the mails of examples/ and shows what
// becomes of them. Exits 1 when a mail is not final in time. Leaves nothing behind.
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { build } from './build.mjs';
import { readMails } from './demo/mails.mjs';
import { startSandbox } from './demo/sandbox.mjs';
import { ProgressBar, table } from './demo/screen.mjs';

const POLL_MS = 250;
const FINAL = ['delivered', 'bounced', 'failed', 'rejected', 'suppressed', 'unsubscribed', 'cancelled', 'expired'];

const finalCount = ({ message }) => FINAL.reduce((sum, status) => sum + message.counts[status], 0);
const isFinal = (mail) => finalCount(mail) === mail.message.recipientCount;

const { values: options, positionals: files } = parseArgs({
  options: { timeout: { type: 'string', default: '60' } },
  allowPositionals: true,
});
const patienceMs = Number(options.timeout) * 1000;
if (!(patienceMs > 0)) throw new Error('--timeout takes a number of seconds');
const mailsFor = readMails(files);
build();
const sandbox = startSandbox();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => void stop(130));
try {
  process.exitCode = await demo();
} catch (error) {
  if (!sandbox.stopping) process.stderr.write(`\n${error.message}\n${sandbox.output()}`);
  process.exitCode = 1;
}
await stop(process.exitCode);

async function stop(code) {
  if (sandbox.stopping) return;
  await sandbox.stop();
  process.exit(code);
}

async function demo() {
  const { gateway, seconds } = await sandbox.ready;
  console.log(`A sandbox gateway is up after ${seconds.toFixed(1)} s; no mail leaves this machine.`);
  const sent = [];
  const { data: accounts } = await gateway.providers.list();
  for (const { name, body } of mailsFor(accounts.map((account) => account.name)))
    sent.push(await send(gateway, name, body));
  const settled = await follow(gateway, sent);
  await show(gateway, sent);
  if (settled) return 0;
  for (const { name, message } of sent.filter((mail) => !isFinal(mail))) {
    const left = Object.entries(message.counts).filter(([status, n]) => n > 0 && !FINAL.includes(status));
    console.log(`Not final in time: ${name}, ${left.map(([status, n]) => `${n} ${status}`).join(', ')}`);
  }
  return 1;
}

async function send(gateway, name, body) {
  const startedAt = performance.now();
  const message = await gateway.messages.send(body);
  const ms = Math.round(performance.now() - startedAt);
  const count = message.recipientCount.toLocaleString('en');
  console.log(`  ${name}: ${count} recipient(s) → ${message.routing.provider}, accepted in ${ms} ms`);
  return { name, message };
}

/** Asks until every recipient has a final status. @returns false when time was up before. */
async function follow(gateway, sent) {
  const startedAt = performance.now();
  const bar = new ProgressBar(sent.reduce((sum, { message }) => sum + message.recipientCount, 0));
  for (;;) {
    for (const mail of sent) {
      if (!isFinal(mail)) mail.message = await gateway.messages.get(mail.message.id);
    }
    bar.show(sent.reduce((sum, mail) => sum + finalCount(mail), 0));
    const done = sent.every(isFinal);
    if (done || performance.now() - startedAt > patienceMs) {
      bar.end();
      return done;
    }
    await sleep(POLL_MS);
  }
}

async function show(gateway, sent) {
  const byProvider = Map.groupBy(sent, ({ message }) => message.routing.provider);
  const rows = await Promise.all([...byProvider].sort().map(([provider, group]) => rowOf(gateway, provider, group)));
  console.log(`\n${table(rows, ['provider', ...FINAL, 'opened', 'total', 'requests'])}\n`);
  const { duplicates } = await sandbox.summary();
  console.log(`The simulator's own record: ${duplicates.count} recipients were mailed twice.`);
}

async function rowOf(gateway, provider, group) {
  const messages = group.map(({ message }) => message);
  const sum = (read) => messages.reduce((total, message) => total + read(message), 0);
  const count = async (part, read) => {
    const lists = await Promise.all(messages.map(({ id }) => gateway.messages[part](id, { limit: 1000 }).toArray()));
    return lists.flat().reduce((total, entry) => total + read(entry), 0);
  };
  return {
    provider,
    ...Object.fromEntries(
      FINAL.map((status) => [status, sum(({ counts }) => counts[status])]).filter(([, n]) => n > 0),
    ),
    opened: await count('recipients', ({ openedAt }) => Number(openedAt !== null)),
    total: sum(({ recipientCount }) => recipientCount),
    requests: await count('batches', ({ attempts }) => attempts.length),
  };
}
