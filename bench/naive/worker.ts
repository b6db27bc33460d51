// Sends each mail of the naive service by a request of its own.
import { fillIn } from './message.js';
import { openQueues } from './queue.js';
import { endWith, readConcurrency, readSettings, readSinkUrl } from './settings.js';
import { Store, type Mail } from './store.js';

const settings = readSettings();
const sinkUrl = readSinkUrl();
const store = await Store.open(settings.databaseUrl);
const queues = openQueues(settings);

async function post({ from, address, name, subject, html, variables }: Mail): Promise<void> {
  const body = { from, to: { address, name }, subject: fillIn(subject, variables), html: fillIn(html, variables) };
  const response = await fetch(sinkUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  await response.text();
  if (!response.ok) throw new Error(`the provider answered ${response.status}`);
}

const worker = queues.worker(async ({ data: { recipientId } }) => {
  const mail = await store.find(recipientId);
  if (mail === undefined) return;
  await post(mail);
  await store.mark(recipientId, 'sent');
}, readConcurrency());

process.stdout.write('naive worker: ready\n');
endWith(async () => {
  await worker.close();
  await queues.close();
  await store.close();
});
