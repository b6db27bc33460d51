import { describe, expect, it } from '@jest/globals';
import { createServer } from 'node:net';
import { findFreePort, probePort } from './free-port.js';

const withListener = async (act: (port: number) => Promise<void>): Promise<void> => {
  const server = createServer();
  const port = await findFreePort();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  await act(port).finally(() => server.close());
};

describe(probePort.name, () => {
  it('tells a used port from a free one', async () => {
    await withListener(async (port) => expect(await probePort(port, '127.0.0.1')).toBe('in use'));
    expect(await probePort(await findFreePort(), '127.0.0.1')).toBe('free');
  });

  it('knows an address that is not of this machine', async () => {
    expect(await probePort(0, '192.0.2.1')).toBe('no such address');
  });
});

describe(findFreePort.name, () => {
  it('gives the preferred port while it is free', async () => {
    const port = await findFreePort();
    expect(await findFreePort(port)).toBe(port);
    await withListener(async (used) => expect(await findFreePort(used)).not.toBe(used));
  });

  it('gives no port that an outgoing connection may take before its user listens', async () => {
    const ports = await Promise.all(Array.from({ length: 20 }, () => findFreePort()));
    expect(Math.max(...ports)).toBeLessThan(32_768);
  });
});
