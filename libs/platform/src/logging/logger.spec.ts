import { describe, expect, it } from '@jest/globals';
import type { LogLevel } from '../config/gateway-config.js';
import { createLogger, type Logger } from './logger.js';
import { maskAddresses } from './mask-addresses.js';

const linesOf = (level: LogLevel, write: (logger: Logger) => void, secrets: string[] = []): string => {
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  write(createLogger({ name: 'test', level, destination, secrets }));
  for (const line of lines) JSON.parse(line);
  return lines.join('');
};

describe(maskAddresses.name, () => {
  it.each([
    ['to kim@example.com now', 'to k***@example.com now'],
    ['<김철수@예시.한국>', '<김***@예시.한국>'],
    ['a@b.co,c.d+e@f.example.org', 'a***@b.co,c***@f.example.org'],
    ['?address=kim%40example.com&x', '?***%40example.com&x'],
    ['node_modules/@nestjs/core v1@2', 'node_modules/@nestjs/core v1@2'],
    ['nothing here', 'nothing here'],
    [
      String.raw`a\nkim@example.com \u001fkim@example.com \"john doe\"@example.com`,
      String.raw`a\nk***@example.com \u001fk***@example.com (***)@example.com`,
    ],
  ])('%s', (text, masked) => expect(maskAddresses(text)).toBe(masked));

  it('takes linear time for hostile text', () => {
    const started = performance.now();
    maskAddresses(`${'a'.repeat(500_000)} @`);
    maskAddresses('a@'.repeat(200_000));
    maskAddresses(`${'a.'.repeat(100_000)}@${'b.'.repeat(100_000)}`);
    // An algorithm that is not linear takes minutes with these inputs; a busy machine does not.
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});

describe(createLogger.name, () => {
  it('masks addresses in messages, fields and errors', () => {
    const text = linesOf('info', (logger) => {
      logger.info(
        { deep: { list: ['line\nkim@example.com'] }, key: { 'lee@example.com': 1 } },
        'sent to kim@example.com',
      );
      logger.error({ err: new Error('no such user "kim@example.com"') }, 'failed');
      logger.child({ to: 'kim@example.com' }).warn('child');
    });
    expect(text).not.toMatch(/kim@|lee@/);
    expect(text).toContain('k***@example.com');
  });

  it('shows addresses at debug', () => {
    expect(linesOf('debug', (logger) => logger.info('kim@example.com'))).toContain('kim@example.com');
  });

  it('never shows secrets, not even at trace', () => {
    const text = linesOf(
      'trace',
      (logger) => {
        logger.info({
          headers: {
            Authorization: 'Bearer s3cret-a',
            'x-ncp-apigw-signature-v2': 's3cret-b',
            'X-Secret-Key': 's3cret-c',
          },
          config: { ncp: { secretKey: 's3cret"d' }, accessKey: 's3cret-e', cookies: ['s3cret-f'] },
        });
        logger.info('Authorization: Bearer s3cret.g and gk_s3cretsecretsecret');
        logger.info(
          'POST https://h/email/v2.1/appKeys/s3cret-h/sender postgresql://u:s3cret-i@h/db literally xyzzy-1234',
        );
        logger.error(new Error('Bearer s3cret-j'));
      },
      ['xyzzy-1234'],
    );
    expect(text).not.toMatch(/s3cret|xyzzy/);
    expect(text).toContain('[redacted]');
  });
});
