import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { ContentVault } from '@gateway/database';
import { newUuid } from '@gateway/platform';
import {
  aMessage,
  aSender,
  eventually,
  unique,
  useOwnGateway,
  type BatchView,
  type MessageBuilder,
  type MessageView,
  type OwnActors,
} from '@gateway/testing';
import pg from 'pg';
import { consultDoctor } from '../support/consult-doctor.js';
import { tracesOf } from '../support/traces.js';

jest.setTimeout(120_000);

const aKey = (id: string): string => `${id}:${randomBytes(32).toString('base64')}`;
const [OLD, NEW, OTHER] = [aKey('old'), aKey('new'), aKey('other')] as const;
/** Rows whose key is replaced. */
const OWN_ROWS = 5000;
const FORGED = `old:${randomBytes(32).toString('hex')}`;

interface Texts extends MessageView {
  readonly subject: string | null;
  readonly html: string | null;
  readonly contentWithheld: string | null;
}

/** A database session of the tests'. */
function useDatabase(actors: OwnActors): { readonly client: pg.Client } {
  const database = {} as { client: pg.Client };
  beforeAll(async () => {
    database.client = new pg.Client({ connectionString: actors.address.databaseUrl });
    await database.client.connect();
  });
  afterAll(() => database.client.end());
  return database;
}

const aLogin = (code: string, from: string): MessageBuilder =>
  aMessage()
    .from(from)
    .authentication()
    .with({ subject: `Code ${code} {{own}}`, html: `<b>${code}</b> {{given}}`, variables: { given: `given-${code}` } })
    .toRecipients({ address: `${unique('kim-')}@example.com`, variables: { own: `own-${code}` } });

const vaultOf = (text: string): ContentVault => {
  const [id = '', key = ''] = text.split(':');
  return new ContentVault({ keys: [{ id, key: Buffer.from(key, 'base64') }], scope: 'all' });
};

/** Until then the batch has been looked at, and waits. */
const deferred = (actors: OwnActors, id: string, detail: RegExp): Promise<void> =>
  eventually(async () => {
    const [batch] = (await actors.gateway.batches(id)) as (BatchView & { readonly detail: string | null })[];
    expect(batch).toMatchObject({ status: 'deferred', attempts: [], detail: expect.stringMatching(detail) });
  });

const keysOf = async ({ client }: { readonly client: pg.Client }): Promise<Record<string, number>> => {
  const { rows } = await client.query<{ id: string; count: string }>(
    `SELECT split_part(content_key, '.', 2) AS id, count(*) FROM (
       SELECT content_key FROM message UNION ALL SELECT content_key FROM attachment) AS kept
     WHERE content_key IS NOT NULL GROUP BY 1`,
  );
  return Object.fromEntries(rows.map(({ id, count }) => [id, Number(count)]));
};

describe('contents of login mail', () => {
  const actors = useOwnGateway({ queue: 'postgres', env: { CONTENT_KEYS: `${OLD},${OTHER}` } });
  const database = useDatabase(actors);

  const restart = async (keys: string | undefined, ...parts: readonly ('api' | 'worker')[]): Promise<void> => {
    for (const part of parts) {
      await actors.running.end(part);
      await actors.running.start(part, { CONTENT_KEYS: keys ?? '' });
    }
  };

  it('are in no column of the database, and arrive as they were given', async () => {
    const { gateway, simulator } = actors;
    const [code, from] = [unique('c0de'), aSender()];
    const headers = { 'idempotency-key': unique('key-') };
    const message = await gateway.send(aLogin(code, from), headers);
    const alone = aLogin(code, from).with({ sendAt: new Date(Date.now() + 3_600_000).toISOString() });
    await gateway.post('/v1/messages/batch', { messages: [aLogin(code, from).build(), alone.build()] });
    await gateway.waitUntilFinal(message.id);
    await eventually(async () => expect(await simulator.mails(from)).toHaveLength(2));
    for (const mail of await simulator.mails(from)) {
      expect(mail).toMatchObject({
        subject: `Code ${code} own-${code}`,
        body: expect.stringContaining(`given-${code}`),
      });
    }
    expect(await tracesOf(database.client, code)).toEqual([]);
    // Other mail is as it was, so that the search is known to find something.
    await gateway.deliver(aMessage().with({ subject: code }));
    expect(await tracesOf(database.client, code)).toEqual(['public.message.subject']);
  });

  it('are written by ten callers at once, each with a key of its own', async () => {
    const { gateway, simulator } = actors;
    const from = aSender();
    const codes = Array.from({ length: 10 }, () => unique('c0de'));
    await Promise.all(codes.map((code) => gateway.deliver(aLogin(code, from))));
    const subjects = (await simulator.mails(from)).map(({ subject }) => subject);
    expect(subjects.sort()).toEqual(codes.map((code) => `Code ${code} own-${code}`).sort());
    const { rows } = await database.client.query(
      `SELECT count(DISTINCT content_key)::int AS keys, count(*)::int AS mails FROM message WHERE from_address = $1`,
      [from],
    );
    expect(rows).toEqual([{ keys: 10, mails: 10 }]);
  });

  it.each([
    [
      'another message',
      'subject = a.subject, html = a.html, text = a.text, variables = a.variables, content_key = a.content_key',
    ],
    ['another message but for the key', 'subject = a.subject, html = a.html, text = a.text, variables = a.variables'],
    ['another field', 'html = b.subject'],
    ['no row: they were changed', `subject = overlay(b.subject PLACING 'AAAA' FROM 20)`],
  ])('are refused where they belong to %s', async (_, change) => {
    const { gateway, simulator } = actors;
    const [from, others, code] = [aSender(), aSender(), unique('c0de')];
    await gateway.deliver(aLogin(unique('c0de'), others));
    const message = await gateway.send(aLogin(code, from).with({ hold: true }));
    const { rows } = await database.client.query<Record<string, unknown>>(
      'SELECT id, subject, html, text, variables::text, content_key FROM message WHERE from_address = $1',
      [from],
    );
    await database.client.query(
      `UPDATE message b SET ${change} FROM message a WHERE b.from_address = $1 AND a.from_address = $2`,
      [from, others],
    );
    await gateway.post(`/v1/messages/${message.id}/release`, {});
    await deferred(actors, message.id, /encrypted/);
    expect(await simulator.mails(from)).toEqual([]);
    await database.client.query(
      'UPDATE message SET subject = $2, html = $3, text = $4, variables = $5, content_key = $6 WHERE id = $1',
      Object.values(rows[0] ?? {}),
    );
    await gateway.waitUntilFinal(message.id);
    expect(await simulator.mails(from)).toMatchObject([{ subject: `Code ${code} own-${code}` }]);
  });

  it.each([
    ['missing', undefined, /the key "old", which is not in CONTENT_KEYS/],
    ['another one', FORGED, /the key "old" in CONTENT_KEYS is not the one/],
  ])('wait while the key is %s, and go when it is back', async (_, keys, detail) => {
    const { gateway, simulator, address } = actors;
    const [from, code] = [aSender(), unique('c0de')];
    await restart(keys, 'worker');
    const message = await gateway.send(aLogin(code, from));
    const plain = await gateway.send(aMessage().from(from));
    await deferred(actors, message.id, detail);
    await gateway.waitUntilFinal(plain.id);
    expect(await simulator.mails(from)).toHaveLength(1);
    expect(actors.running.isRunning('worker')).toBe(true);
    const doctor = await consultDoctor({ DATABASE_URL: address.databaseUrl, LOG_LEVEL: 'silent' });
    expect([doctor.code, doctor.said]).toEqual([1, expect.stringMatching(/content_key_missing .* need the key "old"/)]);
    await restart(`${OLD},${OTHER}`, 'worker');
    await gateway.waitUntilFinal(message.id);
    expect((await simulator.mails(from)).map(({ subject }) => subject)).toContain(`Code ${code} own-${code}`);
    expect((await simulator.mails(from)).length).toBe(2);
  });

  /** How many of the rows have a new key. */
  const replaced = async (): Promise<number> => {
    const { rows } = await database.client.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM message WHERE from_address = 'own@example.com' AND split_part(content_key, '.', 2) = 'new'`,
    );
    return rows[0]?.n ?? 0;
  };

  it('need the old key until a worker has replaced it, however often the worker dies', async () => {
    const { gateway, simulator, address } = actors;
    const from = aSender();
    const held = await gateway.send(aLogin('c0de-held', from).with({ hold: true }));
    const foreign = Array.from({ length: 600 }, () => [newUuid(), newUuid()] as const);
    // With the others more than one sweep looks at, so that there is a middle to die in.
    const own = Array.from({ length: OWN_ROWS }, () => newUuid()).map((id) => [id, id] as const);
    await database.client.query(
      `INSERT INTO message (id, client_id, category, delivery, requested_provider, provider, from_address, subject,
         on_quota, recipient_count, batch_count, routing, content_key, completed_at)
       SELECT n.id, client_id, category, delivery, requested_provider, provider, n.who, '', on_quota, 0, 0, routing, n.key,
         now()
       FROM message CROSS JOIN unnest($2::uuid[], $3::text[], $4::text[]) AS n (id, key, who) WHERE from_address = $1`,
      [
        from,
        [...foreign, ...own].map(([id]) => id),
        [...foreign, ...own].map(([, of]) => vaultOf(OLD).newSeal('message', of).sealedKey),
        [...foreign.map(() => 'foreign@example.com'), ...own.map(() => 'own@example.com')],
      ],
    );
    await restart(`${NEW},${OLD}`, 'api');
    const leftAtDeath: number[] = [];
    for (let kill = 1, done = await replaced(); kill <= 3; kill += 1) {
      await restart(`${NEW},${OLD},${OTHER}`, 'worker');
      for (const before = done; done === before && done < OWN_ROWS; done = await replaced()) await sleep(10);
      await actors.running.end('worker');
      leftAtDeath.push(OWN_ROWS - (await replaced()));
    }
    expect(Math.max(...leftAtDeath)).toBeGreaterThan(0);
    await restart(`${NEW},${OLD},${OTHER}`, 'worker');
    // Keys of other rows stay where they are, are reported, and hold nothing up.
    await eventually(async () => expect(await keysOf(database)).toEqual({ old: 600, new: expect.any(Number) }));
    const { rows } = await database.client.query<{ id: string; content_key: string }>(
      "SELECT id, content_key FROM message WHERE from_address = 'own@example.com'",
    );
    expect(rows).toHaveLength(OWN_ROWS);
    for (const { id, content_key: key } of rows) vaultOf(NEW).openSeal('message', id, key);
    const metrics = await (await fetch(`${gateway.url}/metrics`)).text();
    expect(metrics).toMatch(/gateway_content_key_rows\{table="message",key="old",state="older"[^}]*\} 600/);
    expect(metrics).toMatch(/gateway_content_key_rows\{table="message",key="new",state="current"[^}]*\} \d+/);
    const doctor = await consultDoctor({ DATABASE_URL: address.databaseUrl, CONTENT_KEYS: `${NEW},${OLD}` });
    expect(doctor.said).toMatch(/older_content_key .*600 rows of message need the key "old"/);
    await database.client.query("DELETE FROM message WHERE from_address IN ('own@example.com', 'foreign@example.com')");
    expect(Object.keys(await keysOf(database))).toEqual(['new']);
    await restart(NEW, 'api', 'worker');
    await gateway.post(`/v1/messages/${held.id}/release`, {});
    await gateway.waitUntilFinal(held.id);
    expect(await simulator.mails(from)).toMatchObject([{ subject: 'Code c0de-held own-c0de-held' }]);
    await restart(`${OLD},${OTHER}`, 'api', 'worker');
  });
});

describe('contents of all mail', () => {
  const actors = useOwnGateway({ queue: 'postgres', env: { CONTENT_KEYS: OLD, CONTENT_ENCRYPTION: 'all' } });
  const database = useDatabase(actors);

  it('are in no column of the database, and arrive as they were given, byte for byte', async () => {
    const { gateway, simulator } = actors;
    const [word, from] = [unique('s3cret'), aSender()];
    // Text that compares with itself only: all planes, what JSON and COPY escape, and what looks like a stored form.
    const strange = `1.old.AAAA\\n\\N\t"'&<>{ 한글 \u{1f600} ${word}`;
    const bytes = Buffer.concat([Buffer.from(word), randomBytes(9_000_000)]);
    const file = await gateway.upload('report.bin', new Uint8Array(bytes));
    const headers = { 'idempotency-key': unique('key-') };
    const body = aMessage()
      .from(from)
      .with({ subject: `1.old.x ${word} {{name}}`, html: `<p>{{{value}}}</p>`, variables: { value: strange } })
      .toRecipients({ address: 'kim@example.com', variables: { name: `own ${word}` } })
      .withFiles(file);
    const message = await gateway.send(body, headers);
    await gateway.waitUntilFinal(message.id);
    const many = aMessage()
      .from(from)
      .with({ subject: word, html: '<p>{{value}}</p>' })
      .toRecipients(
        ...Array.from({ length: 1000 }, (_, n) => ({
          address: `many.${n}@example.com`,
          variables: { value: `${word} ${n}` },
        })),
      );
    await gateway.deliver(many);
    const mails = await simulator.mails(from);
    expect(mails).toHaveLength(1001);
    expect(mails[0]).toMatchObject({ subject: `1.old.x ${word} own ${word}`, body: expect.stringContaining(strange) });
    expect(mails[0]?.files).toMatchObject([
      { fileSize: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') },
    ]);
    expect(mails.filter(({ body: html }) => html.includes(`${word} 999<`))).toHaveLength(1);
    expect(await tracesOf(database.client, word)).toEqual([]);

    expect((await gateway.message(message.id)) as Texts).toMatchObject({
      subject: `1.old.x ${word} {{name}}`,
      html: '<p>{{{value}}}</p>',
      contentWithheld: null,
    });
    const list = await gateway.get<{ data: Texts[] }>('/v1/messages');
    expect(list.data.map(({ subject }) => subject)).toContain(word);
    const again = await gateway.post<Texts>('/v1/messages', body.build(), headers);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(again.body.subject).toBe(`1.old.x ${word} {{name}}`);
    const content = await fetch(`${gateway.url}/v1/attachments/${file.id}/content`, {
      headers: { authorization: `Bearer ${actors.address.apiKey}` },
    });
    expect(Buffer.from(await content.arrayBuffer()).equals(bytes)).toBe(true);
  });

  it('are encrypted for recipients whom an audience finds, too', async () => {
    const { gateway, simulator } = actors;
    const [word, group, from] = [unique('s3cret'), unique('group-'), aSender()];
    const contacts = Array.from({ length: 1200 }, (_, n) => ({
      addresses: [`in.${n}.${group}@example.com`],
      groups: [group],
      attributes: n === 0 ? {} : { value: `${word} ${n}` },
    }));
    const rows = contacts.map((row) => JSON.stringify(row)).join('\n');
    await gateway.call('POST', '/v1/contacts/import', {
      body: rows,
      headers: { 'content-type': 'application/x-ndjson' },
    });
    const message = await gateway.deliver(
      aMessage().from(from).with({ to: undefined, audience: group, html: '<p>{{value}}</p>' }),
    );
    expect(message).toMatchObject({ recipientCount: 1200, counts: { delivered: 1199, rejected: 1 } });
    const bodies = (await simulator.mails(from)).map(({ body }) => body);
    expect(bodies.filter((body) => body.includes(`${word} 1199<`))).toHaveLength(1);
    expect(await tracesOf(database.client, word)).toEqual(['public.contact.attributes']);
  });

  it('are found and erased with an address that they name', async () => {
    const { gateway } = actors;
    const person = `${unique('named-')}@example.com`;
    const { id } = await gateway.deliver(
      aMessage()
        .with({ subject: `For ${person}`, html: `<p>${person} {{who}}</p>`, variables: { who: person } })
        .to(person, 'lee@example.com'),
    );
    const erasure = await gateway.post<{ id: string }>('/v1/erasures', { addresses: [person] });
    await eventually(async () =>
      expect(await gateway.get(`/v1/erasures/${erasure.body.id}`)).toMatchObject({ status: 'completed' }),
    );
    expect(await gateway.message(id)).toMatchObject({ subject: 'For [erased]', html: '<p>[erased] {{who}}</p>' });
    expect(await tracesOf(database.client, person)).toEqual([]);
  });

  it('are withheld, not wrong, by an api without the key', async () => {
    const { gateway, running } = actors;
    const file = await gateway.upload('a.txt', 'text of a file');
    const message = await gateway.deliver(aMessage().with({ subject: 'Locked' }).withFiles(file));
    await running.end('api');
    await running.start('api', { CONTENT_KEYS: OTHER });
    const found = (await gateway.message(message.id)) as Texts;
    expect(found).toMatchObject({ subject: null, html: null, contentWithheld: 'key_missing', status: 'completed' });
    const list = await gateway.get<{ data: Texts[] }>('/v1/messages');
    expect(list.data[0]).toMatchObject({ subject: null, contentWithheld: 'key_missing' });
    for (const [method, path] of [
      ['GET', `/v1/attachments/${file.id}/content`],
      ['POST', `/v1/messages/${message.id}/redrive`],
    ] as const) {
      const { status, body } = await gateway.call<{ code: string; detail: string }>(method, path, {});
      expect([path, status, body.code]).toEqual([path, 503, 'overloaded']);
      expect(body.detail).toContain('the key "old", which is not in CONTENT_KEYS');
    }
    await running.end('api');
    await running.start('api');
  });
});
