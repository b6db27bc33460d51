import { spawnSync } from 'node:child_process';
import { createServer } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { reservePort } from './reserved-port.js';

describe(reservePort.name, () => {
  it('gives no port twice', async () => {
    const ports = await Promise.all(Array.from({ length: 40 }, () => reservePort()));
    expect(new Set(ports).size).toBe(ports.length);
  });

  it('reserves a port for its owner before anything listens on it', async () => {
    const port = await reservePort();
    const guard = `require('net').createServer().once('error', (e) => process.exit(e.code === 'EADDRINUSE' ? 7 : 1))
      .listen(${port + 2500}, '127.0.0.1', () => process.exit(0))`;
    expect(spawnSync(process.execPath, ['-e', guard]).status).toBe(7);
  });

  it('lets its owner listen on the reserved port', async () => {
    const server = createServer();
    const port = await reservePort();
    await new Promise<void>((listening) => server.listen(port, '127.0.0.1', listening));
    await new Promise((closed) => server.close(closed));
  });
});
