// Stands in for `@jest/globals`. A module that helps tests is loaded once for many test files: what it imports from here
// is always that of the file which is running.
let current = {};

/** @param globals `describe`, `expect`, `jest` and so on, of the test file that runs from now on. */
export const provide = (globals) => void (current = globals);

const live = (name) =>
  new Proxy(() => undefined, {
    apply: (_target, self, args) => Reflect.apply(current[name], self, args),
    get: (_target, key) => current[name][key],
  });

export const afterAll = live('afterAll');
export const afterEach = live('afterEach');
export const beforeAll = live('beforeAll');
export const beforeEach = live('beforeEach');
export const describe = live('describe');
export const expect = live('expect');
export const it = live('it');
export const jest = live('jest');
export const test = live('test');
