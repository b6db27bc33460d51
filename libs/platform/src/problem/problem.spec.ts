import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import 'reflect-metadata';
import { Body, Controller, ForbiddenException, Get, Module, Param, Post } from '@nestjs/common';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { GatewayProblem } from '@gateway/core';
import { connect } from 'node:net';
import { createLogger } from '../logging/logger.js';
import { createHttpEdge } from './http-edge.js';

@Controller('v1')
class ThingsController {
  @Get('things/:id')
  find(@Param('id') id: string): unknown {
    return { id };
  }

  @Post('things/:id')
  replace(@Body() body: unknown): unknown {
    return body ?? null;
  }

  @Get('boom')
  boom(): never {
    throw new Error('SELECT * FROM secret_table');
  }

  @Get('forbidden')
  forbidden(): never {
    throw new ForbiddenException('The key lacks the scope messages:read.');
  }

  @Get('invalid')
  invalid(): never {
    const fieldErrors = Array.from({ length: 150 }, (_, index) => ({
      pointer: `/recipients/${index}/address`,
      code: 'invalid_address' as const,
      detail: 'is no address',
    }));
    throw new GatewayProblem('validation_failed', 'Invalid.', { fieldErrors });
  }

  @Get('hostile')
  hostile(): never {
    const fieldErrors = Array.from({ length: 150 }, () => ({
      pointer: `/${'가'.repeat(1000)}`,
      code: 'control_character' as const,
      detail: '"'.repeat(1000),
    }));
    throw new GatewayProblem('validation_failed', '나'.repeat(100_000), { fieldErrors });
  }

  @Get('busy')
  busy(): never {
    throw new GatewayProblem('overloaded', 'Busy.', {
      retryAfterSeconds: 2.2,
      provider: { name: 'ncp', code: '77301', message: 'words' },
    });
  }
}

@Module({ controllers: [ThingsController] })
class ThingsModule {}

const lines: string[] = [];
let app: NestFastifyApplication;

beforeAll(async () => {
  const logger = createLogger({ name: 'api', level: 'debug', destination: { write: (line) => void lines.push(line) } });
  const edge = createHttpEdge(logger);
  const adapter = new FastifyAdapter({ ...edge.fastifyOptions, bodyLimit: 1000 });
  edge.install(adapter.getInstance());
  const testing = await Test.createTestingModule({ imports: [ThingsModule] }).compile();
  app = testing.createNestApplication<NestFastifyApplication>(adapter, { logger: false });
  app.useGlobalFilters(edge.filter);
  await app.listen(0, '127.0.0.1');
});

afterAll(() => app.close());

interface Question {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: string;
  readonly headers?: Record<string, string>;
  readonly payload?: string;
}

const ask = async ({ method = 'GET', ...question }: Question) => {
  const answer = await app.inject({ method, ...question });
  return { answer, body: answer.json<Record<string, unknown>>() };
};
const json = { 'content-type': 'application/json' };
const thing = '/v1/things/1';

describe('problem answers', () => {
  it.each<[string, Question, number, string]>([
    ['malformed JSON', { method: 'POST', url: thing, headers: json, payload: '{"a":' }, 400, 'malformed_json'],
    ['empty JSON', { method: 'POST', url: thing, headers: json, payload: '' }, 400, 'malformed_json'],
    [
      'poisoned JSON',
      { method: 'POST', url: thing, headers: json, payload: '{"__proto__":{}}' },
      400,
      'malformed_json',
    ],
    [
      'large body',
      { method: 'POST', url: thing, headers: json, payload: `"${'x'.repeat(1001)}"` },
      413,
      'body_too_large',
    ],
    [
      'media type',
      { method: 'POST', url: thing, headers: { 'content-type': 'text/x' }, payload: 'x' },
      415,
      'unsupported_media_type',
    ],
    ['unknown path', { url: '/v1/nothing' }, 404, 'not_found'],
    ['wrong method', { method: 'DELETE', url: `${thing}?x=1` }, 405, 'method_not_allowed'],
    ['bad encoding', { url: '/v1/things/%zz' }, 404, 'not_found'],
    ['long parameter', { url: `/v1/things/${'x'.repeat(500)}` }, 400, 'malformed_json'],
    ['own fault', { url: '/v1/boom' }, 500, 'internal_error'],
    ['exception of Nest', { url: '/v1/forbidden' }, 403, 'forbidden'],
  ])('%s', async (_name, question, status, code) => {
    const { answer, body } = await ask(question);
    expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(body).toMatchObject({ status, code, type: `urn:gateway:problem:${code}` });
    expect(answer.statusCode).toBe(status);
    expect(body['instance']).toBe(answer.headers['x-request-id']);
    expect(Object.keys(body)).toEqual(expect.arrayContaining(['title', 'detail', 'retryable']));
  });

  it('names the methods of a known path', async () => {
    const { answer } = await ask({ method: 'PUT', url: thing });
    expect(answer.headers['allow']).toBe('GET, HEAD, POST');
  });

  it('shows nothing of our own faults, but logs them with the request id', async () => {
    const { answer, body } = await ask({ url: '/v1/boom', headers: { 'x-request-id': 'find-me' } });
    expect(answer.body).not.toMatch(/SELECT|secret_table|at /);
    expect(body['retryable']).toBe(true);
    const logged = lines.filter((line) => line.includes('secret_table'));
    expect(logged.at(-1)).toContain('"requestId":"find-me"');
  });

  it('lists the first hundred field errors and counts all', async () => {
    const { body } = await ask({ url: '/v1/invalid' });
    expect(body['errors']).toHaveLength(100);
    expect(body['errorCount']).toBe(150);
  });

  it('never answers with more than 64 KiB, and still counts every error', async () => {
    const { answer, body } = await ask({ url: '/v1/hostile' });
    expect(Buffer.byteLength(answer.body)).toBeLessThanOrEqual(64 * 1024);
    expect(body['errorCount']).toBe(150);
    expect((body['errors'] as readonly unknown[]).length).toBeGreaterThan(40);
    expect(body['detail']).toMatch(/…$/);
  });

  it('says when to come back and keeps provider words apart', async () => {
    const { answer, body } = await ask({ url: '/v1/busy' });
    expect(answer.headers['retry-after']).toBe('3');
    expect(body).toMatchObject({ detail: 'Busy.', provider: { name: 'ncp', code: '77301', message: 'words' } });
  });
});

describe('request id and log', () => {
  it('takes a sensible id over', async () => {
    const { answer } = await ask({ url: thing, headers: { 'x-request-id': 'order:42.a_b-c' } });
    expect(answer.headers['x-request-id']).toBe('order:42.a_b-c');
  });

  it.each(['', 'with space', 'x'.repeat(129), 'é'])('makes one instead of "%s"', async (given) => {
    const { answer } = await ask({ url: thing, headers: { 'x-request-id': given } });
    expect(answer.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('logs the pattern of the route, not the path', async () => {
    await ask({ url: '/v1/things/kim@example.com', headers: { 'x-request-id': 'logged' } });
    const line = lines.find((text) => text.includes('"requestId":"logged"') && text.includes('"msg":"request"'));
    expect(line && JSON.parse(line)).toMatchObject({ method: 'GET', route: '/v1/things/:id', status: 200 });
    expect(line).not.toContain('kim');
  });
});

describe('bytes that are not HTTP', () => {
  const raw = (bytes: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const { port } = app.getHttpServer().address() as { port: number };
      const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
      let text = '';
      socket.on('data', (chunk) => (text += chunk.toString()));
      socket.on('close', () => resolve(text));
      socket.on('error', reject);
    });

  it.each([
    ['garbage', 'hello\r\n\r\n', 400],
    ['a large header', `GET / HTTP/1.1\r\nhost: x\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`, 431],
    ['a bad content-length', 'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: x\r\n\r\n', 400],
  ])('%s', async (_name, bytes, status) => {
    const answer = await raw(bytes);
    expect(answer).toContain(`HTTP/1.1 ${status} `);
    expect(answer).toContain('application/problem+json');
    expect(answer.toLowerCase()).toContain('x-request-id: ');
    expect(JSON.parse(answer.split('\r\n\r\n')[1] ?? '')).toMatchObject({ status, code: 'malformed_json' });
  });

  it('answers CONNECT instead of hanging up', async () => {
    const answer = await raw('CONNECT example.com:443 HTTP/1.1\r\nhost: x\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1\.1 405 [^]*\r\nallow: GET/i);
    expect(JSON.parse(answer.split('\r\n\r\n')[1] ?? '')).toMatchObject({ status: 405, code: 'method_not_allowed' });
  });

  it('ignores an expectation that it does not know', async () => {
    const answer = await raw('GET /v1/things/7 HTTP/1.1\r\nhost: x\r\nexpect: miracles\r\nconnection: close\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1\.1 200 [^]*\{"id":"7"\}/);
  });
});
