import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { minifySync } from '@swc/core';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aSender, unique, useSharedGateway } from '@gateway/testing';
import { VERSION } from '../../libs/client/src/transport/headers.js';
import { Consumer } from '../support/client/consumer.js';
import { Front } from '../support/client/front.js';
import { nodeBinaries } from '../support/client/node-binaries.js';
import { expected, programs, typed } from '../support/client/programs.js';
import { root, textOf } from '../support/repository.js';

const MOST_BYTES = 12 * 1024;
const nodes = nodeBinaries();

describe('the packed client', () => {
  const actors = useSharedGateway('postgres');
  let consumer: Consumer;
  let front: Front;

  beforeAll(async () => {
    front = await Front.start(actors.address.apiUrl);
    consumer = Consumer.install();
  });
  afterAll(async () => {
    consumer.remove();
    await front.stop();
  });

  /** A caller of its own, so that its feed is short. */
  const environment = async () => {
    const scopes = ['messages:read', 'messages:write', 'audience'];
    const key = { client: unique('consumer-'), name: 'consumer', scopes };
    const { body } = await actors.gateway.post<{ key: string }>('/v1/api-keys', key);
    return { GATEWAY: front.url, KEY: body.key, SENDER: aSender() };
  };

  it('has what it needs, and nothing else', () => {
    const files = globSync('**/*.*', { cwd: consumer.installed });
    expect(files.filter((path) => !/^(?:dist\/|package\.json$|README\.md$)/.test(path))).toEqual([]);
    expect(files.filter((path) => /spec|fixture|test/.test(path))).toEqual([]);
    const { dependencies, version } = JSON.parse(readFileSync(join(consumer.installed, 'package.json'), 'utf8')) as {
      dependencies?: object;
      version: string;
    };
    expect([dependencies, version]).toEqual([undefined, VERSION]);
  });

  it('is at most 12 kB of code, minified and compressed', () => {
    const code = globSync('dist/esm/**/*.js', { cwd: consumer.installed }).map(
      (path) => minifySync(readFileSync(join(consumer.installed, path), 'utf8'), { module: true }).code,
    );
    expect(code.length).toBeGreaterThan(10);
    expect(gzipSync(code.join('\n')).length).toBeLessThanOrEqual(MOST_BYTES);
  });

  it('is clean to publint and to "are the types wrong"', async () => {
    const bin = join(root, 'node_modules/publint/src/cli.js');
    expect(await consumer.run(process.execPath, [bin, consumer.installed, '--strict'])).toContain('All good');
    const attw = join(root, 'node_modules/@arethetypeswrong/cli/dist/index.js');
    expect(await consumer.run(process.execPath, [attw, consumer.tarball])).toContain('No problems found');
  });

  describe.each(nodes.map(({ line, path }) => [line, path] as const))('on Node %s', (_line, path) => {
    const test = path === undefined ? it.skip : it;

    test.each(Object.entries(programs))('does all of it by %s', async (name, program) => {
      consumer.write(name, program);
      expect(JSON.parse(await consumer.run(path ?? '', [name], await environment()))).toEqual(expected);
    });
  });

  it.each([
    ['nodenext', { module: 'nodenext', moduleResolution: 'nodenext', types: ['node'], lib: ['es2022'] }],
    ['nodenext in a browser', { module: 'nodenext', moduleResolution: 'nodenext', lib: ['es2022', 'dom'] }],
    ['bundler', { module: 'esnext', moduleResolution: 'bundler', lib: ['es2022', 'dom'] }],
  ])('has types under %s', async (_name, options) => {
    const files = options.module === 'nodenext' ? ['use.mts', 'use.cts'] : ['use.ts'];
    for (const file of files) consumer.write(file, typed);
    await consumer.typecheck(files, options);
  });

  it('does what its README shows', async () => {
    const blocks = [...textOf('libs/client/README.md').matchAll(/^```ts\n([^]*?)^```$/gm)].map(([, code = '']) => code);
    expect(blocks.length).toBeGreaterThan(8);
    const program = blocks.join('\n').replaceAll('http://127.0.0.1:3000', front.url);
    consumer.write('readme.mts', program);
    const options = { module: 'nodenext', moduleResolution: 'nodenext', types: ['node'], lib: ['es2022'] };
    await consumer.typecheck(['readme.mts'], options);
    const { KEY } = await environment();
    const env = { EMAIL_GATEWAY_API_KEY: KEY, EMAIL_GATEWAY_WEBHOOK_SECRET: `whsec_${btoa('a secret of the test')}` };
    const lines = (await consumer.run(process.execPath, ['readme.mts'], env)).trim().split('\n');
    expect(lines).toEqual([
      expect.stringMatching(/^msg_\w+ queued$/),
      'completed 1',
      'kim@example.com delivered null',
      expect.stringMatching(/^\d+ /),
      '1000',
      expect.stringMatching(/^0 msg_/),
      '1 validation_failed',
      expect.stringMatching(/^422 validation_failed [\w-]+$/),
      expect.stringMatching(/^\/to invalid_address /),
      'kim@example.com unknown_user',
      '204',
    ]);
  });

  it('has a command, which says how it is used', async () => {
    const bin = join(consumer.folder, 'node_modules/.bin/email-gateway');
    expect(await consumer.run(bin, ['--help'])).toContain('listen --to http://localhost:4000/hook');
    await expect(consumer.run(bin, ['listen', '--to', 'x'])).rejects.toThrow('--to must be a URL');
  });
});
