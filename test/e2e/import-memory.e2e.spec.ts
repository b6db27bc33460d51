import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { GatewayClient, SlowUpload, TestGateway, eventually, freshDatabase, type PageView } from '@gateway/testing';

const PER_PIECE = 10_000;

describe('a long file of contacts', () => {
  let test: TestGateway;
  let gateway: GatewayClient;

  beforeAll(async () => {
    test = await TestGateway.start({ databaseUrl: await freshDatabase() });
    gateway = new GatewayClient(test.address, test.address.apiKey);
  }, 120_000);
  afterAll(() => test.stop());

  const uploads = async (): Promise<string | undefined> =>
    /^gateway_uploads\{.*\} (\d+)$/m.exec(await gateway.get<string>('/metrics'))?.[1];
  const peakMb = (): number => {
    const status = readFileSync(`/proc/${test.pidOf('api')}/status`, 'utf8');
    return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) / 1000;
  };

  /** Sends the rows as fast as they are taken, then hangs up before the end. @returns the peak of the api's memory. */
  async function cutOffAfter(rows: number): Promise<number> {
    const upload = new SlowUpload(test.address, { path: '/v1/contacts/import', type: 'text/csv' });
    upload.write('externalId,name,address,groups\n');
    for (let row = 0; row < rows; row += PER_PIECE) {
      const line = (_: unknown, i: number): string =>
        `x-${row + i},Kim ${row + i},kim.${row + i}@example.com,all;some\n`;
      upload.write(Array.from({ length: PER_PIECE }, line).join(''));
      await upload.flushed();
    }
    expect(upload.answer).toBe('');
    upload.abort();
    await eventually(async () => expect(await uploads()).toBe('0'));
    return peakMb();
  }

  it('takes no more memory the longer it is, and leaves nothing when it is cut off', async () => {
    const before = (await gateway.get<PageView<unknown>>('/v1/contacts')).data.length;
    const short = await cutOffAfter(60_000);
    const long = await cutOffAfter(420_000);
    expect(long).toBeLessThan(450);
    expect(long).toBeLessThan(1.35 * short); // the collector comes when it likes
    expect((await gateway.get<PageView<unknown>>('/v1/contacts')).data).toHaveLength(before);
  }, 180_000);
});
