import { describe, expect, it } from '@jest/globals';
import { GatewayProblem } from '@gateway/core';
import fastify from 'fastify';
import { installDiskGate } from './disk-gate.js';

describe(installDiskGate.name, () => {
  const ask = async (full: boolean, method: 'GET' | 'POST' | 'PATCH' | 'DELETE', url: string): Promise<string> => {
    const app = fastify();
    app.setErrorHandler((error, _request, reply) => {
      const known = error instanceof GatewayProblem;
      return reply.send(known ? `${error.code} ${error.retryAfterSeconds}` : String(error));
    });
    installDiskGate(app, { isFull: () => Promise.resolve(full) });
    app.all('*', (_request, reply) => reply.send('taken'));
    return (await app.inject({ method, url })).body;
  };

  it.each(['/v1/messages', '/v1/messages?x=1', '/v1/attachments', '/v1/contacts/import', '/v1/messages/msg_1/redrive'])(
    'takes no POST %s while the disk is full, and says when to come again',
    async (url) => {
      expect(await ask(true, 'POST', url)).toBe('overloaded 60');
      expect(await ask(false, 'POST', url)).toBe('taken');
    },
  );

  it.each([
    ['GET', '/v1/messages'],
    ['DELETE', '/v1/attachments/att_1'],
    ['POST', '/v1/messages/msg_1/cancel'],
    ['POST', '/v1/providers/one/pause'],
    ['POST', '/v1/messages/preview'],
  ] as const)('goes on answering %s %s', async (method, url) => {
    expect(await ask(true, method, url)).toBe('taken');
  });
});
