import { describe, expect, it } from '@jest/globals';
import { createLogger } from './logger.js';
import { NestLogger } from './nest-logger.js';

const recordsOf = (write: (sut: NestLogger) => void): readonly Record<string, unknown>[] => {
  const records: Record<string, unknown>[] = [];
  const destination = { write: (line: string) => void records.push(JSON.parse(line) as Record<string, unknown>) };
  write(new NestLogger(createLogger({ name: 'api', level: 'trace', destination })));
  return records;
};

describe(NestLogger.name, () => {
  it('keeps level and context', () => {
    const records = recordsOf((sut) => {
      sut.log('up', 'NestApplication');
      sut.log('Mapped {/x, GET} route', 'RouterExplorer');
      sut.warn('careful', 'A');
      sut.verbose('much', 'B');
      sut.fatal('dead', 'C');
    });
    expect(records.map(({ level, context, msg }) => [level, context, msg])).toEqual([
      ['info', 'NestApplication', 'up'],
      ['debug', 'RouterExplorer', 'Mapped {/x, GET} route'],
      ['warn', 'A', 'careful'],
      ['trace', 'B', 'much'],
      ['fatal', 'C', 'dead'],
    ]);
  });

  it('keeps stacks and objects', () => {
    const [stack, error, object] = recordsOf((sut) => {
      sut.error('failed', 'Error: failed\n at x', 'Handler');
      sut.error(new Error('broken'), 'Handler');
      sut.debug({ a: 1 }, 'Thing');
    });
    expect(stack).toMatchObject({ msg: 'failed', details: ['Error: failed\n at x'], context: 'Handler' });
    expect(error).toMatchObject({ msg: 'broken', err: { type: 'Error' } });
    expect(object).toMatchObject({ message: { a: 1 }, context: 'Thing' });
  });
});
