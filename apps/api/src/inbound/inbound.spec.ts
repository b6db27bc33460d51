import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TrackingRepository } from '@gateway/database';
import { ApplyPushService, ProviderDirectory } from '@gateway/delivery';
import { createHttpClient, createHttpEdge, Metrics, silentLogger, systemClock } from '@gateway/platform';
import { readAccounts } from '@gateway/providers';
import { acme, serviceWith } from '@gateway/testing';
import { Test } from '@nestjs/testing';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { createHmac } from 'node:crypto';
import { installAccess } from '../access/access.js';
import { Callers } from '../access/callers.js';
import { KeyBrake } from '../access/key-brake.js';
import type { Sessions } from '../access/session/sessions.js';
import type { KnownKeys } from '../access/known-keys.js';
import type { KeyPace } from '../access/pace/key-pace.js';
import type { NotedUses } from '../access/noted-uses.js';
import { installBodyParsers } from '../http/bodies/body-parsers.js';
import { installUnknownPaths } from '../http/unknown-paths.js';
import { InboundAccounts } from './inbound-accounts.js';
import { InboundController } from './inbound.controller.js';
import { installInbound } from './install-inbound.js';
import { PushPace } from './push-pace.js';

const TOKEN = 'a-token-that-is-long-enough-for-an-account';
const PACE = { pushesPerSecond: 1, pushesAtOnce: 30, bytesPerSecond: 1e7, bytesAtOnce: 1e7 };
const SECRET = 'sandbox-push-secret';

describe('POST /v1/inbound/{account}/{token}', () => {
  let app: NestFastifyApplication;

  beforeAll(async () => {
    const env = { ACME_TOKEN: 'sandbox-token', ACME_PUSH_SECRET: SECRET, ACME_INBOUND_TOKEN: TOKEN };
    const accounts = readAccounts(env, [acme]);
    const deps = { http: createHttpClient, clock: systemClock, timeoutMs: 1000 };
    const service = await serviceWith(ApplyPushService, [
      [ProviderDirectory, new ProviderDirectory(accounts.map((account) => account.create(deps)))],
      // No request is of this gateway.
      [TrackingRepository, { findRequests: async () => [] }],
    ]);
    const module = await Test.createTestingModule({
      controllers: [InboundController],
      providers: [{ provide: ApplyPushService, useValue: service }],
    }).compile();
    const edge = createHttpEdge(silentLogger());
    app = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter(edge.fastifyOptions), {
      bodyParser: false,
    });
    const fastify = app.getHttpAdapter().getInstance();
    const brake = new KeyBrake(new Metrics({ process: 'test', defaults: false }));
    edge.install(fastify);
    const keys = { findOwner: async () => undefined } as unknown as KnownKeys;
    const sessions = { find: async () => undefined } as unknown as Sessions;
    const uses = { note: () => undefined } as unknown as NotedUses;
    installAccess(fastify, new Callers(keys, brake, uses, sessions), {} as KeyPace);
    installInbound(fastify, new InboundAccounts(accounts), { brake, pace: new PushPace(PACE) });
    installUnknownPaths(fastify);
    installBodyParsers(fastify);
    app.useGlobalFilters(edge.filter);
    await app.init();
    await fastify.ready();
  });
  afterAll(() => app.close());

  const event = {
    request: 'q1',
    key: 'k',
    email: 'kim@example.com',
    id: 'm1',
    state: 'delivered',
    at: '2026-11-20T12:00:00Z',
  };

  async function push(path: string, body: string | Buffer, headers: Record<string, string> = {}) {
    const seconds = Math.floor(Date.now() / 1000);
    const digest = createHmac('sha256', SECRET).update(`${seconds}.`).update(body).digest('hex');
    const reply = await app.inject({
      method: 'POST',
      url: path,
      payload: body,
      headers: { 'content-type': 'application/json', 'acme-signature': `t=${seconds},v1=${digest}`, ...headers },
    });
    return { status: reply.statusCode, type: reply.headers['content-type'], body: reply.payload };
  }

  const here = `/v1/inbound/acme/${TOKEN}`;
  const good = JSON.stringify({ events: [event] });

  it('takes a push without a key, over exactly the bytes that were signed', async () => {
    expect(await push(here, good)).toMatchObject({ status: 204, body: '' });
    expect(await push(here, JSON.stringify({ events: [event] }, undefined, 4))).toMatchObject({ status: 204 });
  });

  it.each([
    ['/v1/inbound/acme/another-token-that-is-long-enough-too', 404],
    [`/v1/inbound/ncp/${TOKEN}`, 404],
    [`/v1/inbound/acme/${TOKEN}0`, 404],
    ['/v1/inbound/acme', 401],
  ])('is nothing at %s', async (path, status) => {
    const answer = await push(path, good);
    expect([answer.status, answer.type]).toEqual([status, expect.stringContaining('application/problem+json')]);
    expect(answer.body).not.toContain(TOKEN.slice(0, 12));
  });

  it.each([
    ['a wrong signature', good, { 'acme-signature': 't=1,v1=00' }, 400, 'malformed_json'],
    ['nonsense', 'nonsense', {}, 400, 'malformed_json'],
    ['an empty body', '', {}, 400, 'malformed_json'],
    ['bytes that are not UTF-8', Buffer.from('{"a":"\xb0\xa1"}', 'latin1'), {}, 400, 'malformed_json'],
    ['another charset', good, { 'content-type': 'application/json; charset=euc-kr' }, 400, 'malformed_json'],
    ['lists in lists in lists', '['.repeat(200_000), {}, 400, 'malformed_json'],
    ['another media type', good, { 'content-type': 'text/plain' }, 415, 'unsupported_media_type'],
    ['a body that is too large', `"${'x'.repeat(600_000)}"`, {}, 413, 'body_too_large'],
  ])('is refused with %s', async (_what, body, headers, status, code) => {
    const answer = await push(here, body, headers);
    expect([answer.status, (JSON.parse(answer.body) as { code: string }).code]).toEqual([status, code]);
  });

  it('is refused when too many arrive, before it is read, and without harm to other accounts', async () => {
    const answers = await Promise.all(Array.from({ length: 60 }, () => push(here, 'nonsense')));
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThanOrEqual(60 - PACE.pushesAtOnce);
    expect(refused[0]?.body).toContain('rate_limited');
    expect((await push('/v1/inbound/acme/wrong', good)).status).toBe(404);
  });
});
