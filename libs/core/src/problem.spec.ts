import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  FieldErrors,
  GatewayProblem,
  MAX_LISTED_FIELD_ERRORS,
  pointerOf,
  pointerSegment,
  problemCodes,
  shortened,
} from './problem.js';

const thrownBy = (act: () => void): GatewayProblem => {
  try {
    act();
  } catch (error) {
    if (error instanceof GatewayProblem) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
};

describe('problemCodes', () => {
  it('are those of the public interface', () => {
    const inApi =
      'unauthorized forbidden not_found method_not_allowed unsupported_media_type malformed_json body_too_large validation_failed unsupported_by_provider provider_retired idempotency_key_invalid idempotency_key_reused idempotency_in_flight nothing_to_cancel nothing_to_redrive not_empty quota_exceeded rate_limited overloaded internal_error target_forbidden endpoint_paused webhooks_not_configured sender_not_allowed version_conflict request_timeout message_erased';
    expect(Object.keys(problemCodes).sort()).toEqual(inApi.split(' ').sort());
  });

  it.each([
    ['unauthorized', 401, false],
    ['forbidden', 403, false],
    ['not_found', 404, false],
    ['malformed_json', 400, false],
    ['validation_failed', 422, false],
    ['unsupported_by_provider', 422, false],
    ['idempotency_key_reused', 422, false],
    ['idempotency_in_flight', 409, true],
    ['nothing_to_cancel', 409, false],
    ['nothing_to_redrive', 409, false],
    ['body_too_large', 413, false],
    ['unsupported_media_type', 415, false],
    ['rate_limited', 429, true],
    ['overloaded', 503, true],
  ] as const)('answers %s with %d, retryable: %s', (code, status, retryable) => {
    expect(problemCodes[code]).toMatchObject({ status, retryable });
  });
});

describe(GatewayProblem.name, () => {
  it('counts its field errors unless a larger count is given', () => {
    const error = { pointer: '/from', code: 'required', detail: 'is missing' } as const;
    expect(new GatewayProblem('validation_failed', 'x').errorCount).toBe(0);
    expect(new GatewayProblem('validation_failed', 'x', { fieldErrors: [error] }).errorCount).toBe(1);
    expect(new GatewayProblem('validation_failed', 'x', { fieldErrors: [error], errorCount: 7 }).errorCount).toBe(7);
  });

  it('keeps its cause to itself', () => {
    const problem = new GatewayProblem('internal_error', 'The gateway failed', { cause: new Error('secret') });
    expect(problem.message).toBe('The gateway failed');
    expect(Object.keys(problem)).not.toContain('cause');
  });
});

describe(FieldErrors.name, () => {
  it('lets a body without errors pass', () => {
    expect(() => new FieldErrors().throwIfAny()).not.toThrow();
  });

  it('throws one error in full', () => {
    const errors = new FieldErrors();
    errors.add('/recipients/3/address', 'invalid_address', 'is no address', 4);
    const problem = thrownBy(() => errors.throwIfAny());
    expect(problem.code).toBe('validation_failed');
    expect(problem.detail).toBe('/recipients/3/address: is no address');
    expect(problem.fieldErrors).toEqual([
      { pointer: '/recipients/3/address', code: 'invalid_address', detail: 'is no address', line: 4 },
    ]);
  });

  it('leaves `line` out where there is none', () => {
    const errors = new FieldErrors();
    errors.add('', 'invalid_type', 'is no object');
    const problem = thrownBy(() => errors.throwIfAny());
    expect(problem.fieldErrors.map((each) => Object.keys(each))).toEqual([['pointer', 'code', 'detail']]);
    expect(problem.detail).toBe('/: is no object');
  });

  it('keeps the first hundred and counts them all', () => {
    const errors = new FieldErrors();
    for (let i = 0; i < 100_000; i += 1) errors.add(`/recipients/${i}`, 'required', 'is missing');
    expect(errors.count).toBe(100_000);
    const problem = thrownBy(() => errors.throwIfAny());
    expect(MAX_LISTED_FIELD_ERRORS).toBe(100);
    expect(problem.fieldErrors).toHaveLength(100);
    expect(problem.fieldErrors.at(-1)?.pointer).toBe('/recipients/99');
    expect(problem.errorCount).toBe(100_000);
    expect(problem.detail).toContain('(and 99999 more)');
  });
});

describe('bounds', () => {
  const long = 'n'.repeat(512 * 1024);

  it('shows no more than the head of a long pointer and detail, with a mark', () => {
    const errors = new FieldErrors();
    errors.add(`/${long}/0`, 'control_character', `"${long}" is wrong`);
    errors.addAt(['recipients', 3, long, 0], 'control_character', 'is wrong');
    expect(errors.all.map(({ pointer }) => pointer.length)).toEqual([200, 200]);
    expect(errors.all[1]?.pointer).toMatch(/^\/recipients\/3\/n+…$/);
    expect(errors.all[0]?.detail).toMatch(/^"n{298}…$/);
  });

  it('writes a short path in full', () => {
    expect(pointerOf(['a/b', 3, '~', ''])).toBe('/a~1b/3/~0/');
    expect(pointerOf([])).toBe('');
  });

  it('leaves no half of a character or of an escape before the mark', () => {
    expect(shortened(`${'x'.repeat(9)}😀y`, 11)).toBe(`${'x'.repeat(9)}…`);
    expect(shortened(`${'x'.repeat(9)}~1y`, 11)).toBe(`${'x'.repeat(9)}…`);
  });

  it('takes over what was found elsewhere, with what was only counted', () => {
    const [inner, outer] = [new FieldErrors(), new FieldErrors()];
    for (let i = 0; i < 150; i += 1) inner.add(`/${i}`, 'required', 'is missing');
    outer.addAll(inner, '/messages/3', 7);
    expect([outer.count, outer.all.length, outer.isFull]).toEqual([150, 100, true]);
    expect(outer.all[0]).toEqual({ pointer: '/messages/3/0', code: 'required', detail: 'is missing', line: 7 });
  });
});

describe(pointerSegment.name, () => {
  it.each([
    ['plain', 'plain'],
    [3, '3'],
    ['a/b', 'a~1b'],
    ['a~b', 'a~0b'],
    ['~1', '~01'],
    ['/~', '~1~0'],
    ['', ''],
    ['__proto__', '__proto__'],
  ])('writes %j as %j', (name, segment) => {
    expect(pointerSegment(name)).toBe(segment);
  });

  it('can be read back as RFC 6901 says', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('~', '/', '0', '1', 'a') }), (name) => {
        const segment = pointerSegment(name);
        expect(segment).not.toContain('/');
        expect(segment.replaceAll('~1', '/').replaceAll('~0', '~')).toBe(name);
      }),
    );
  });
});
