import { describe, expect, it } from '@jest/globals';
import { BodyBudget, SMALL_BODY_BYTES } from './body-budget.js';

const MB = 1_000_000;

describe(BodyBudget.name, () => {
  it('keeps room for small bodies', () => {
    const sut = new BodyBudget(100 * MB, 100 * MB);
    const large = sut.open('shop', true);
    expect(large.grow(100 * MB)).toBeUndefined();
    expect(sut.open('billing', true).grow(1)).toBe('all');
    expect(sut.open('billing').grow(SMALL_BODY_BYTES + 1)).toBe('all');
    expect(sut.open('billing').grow(SMALL_BODY_BYTES)).toBeUndefined();
    large.release();
    large.release();
    expect(sut.bytes).toBe(SMALL_BODY_BYTES);
  });

  it('keeps room for other clients', () => {
    const sut = new BodyBudget(100 * MB, 60 * MB);
    const first = sut.open('shop', true);
    expect([first.grow(60 * MB), first.grow(1)]).toEqual([undefined, 'client']);
    expect(sut.open('shop', true).grow(1)).toBe('client');
    expect(sut.open('billing', true).grow(40 * MB)).toBeUndefined();
    first.release();
    expect(sut.open('shop', true).grow(60 * MB)).toBeUndefined();
  });

  it('counts a body of unknown length as it comes', () => {
    const sut = new BodyBudget(100, 100);
    const one = sut.open('shop');
    expect([one.grow(60), sut.open('shop').grow(30)]).toEqual([undefined, undefined]);
    for (let i = 0; i < 400; i += 1) one.grow(64 * 1024);
    expect(sut.bytes).toBeLessThan(20 * MB);
    expect(one.grow(64 * 1024)).toBeDefined();
  });

  it('does not count what comes in after the end', () => {
    const sut = new BodyBudget(100, 100);
    const share = sut.open('shop');
    share.grow(60);
    share.release();
    expect([share.grow(60), sut.bytes]).toEqual([undefined, 0]);
  });
});
