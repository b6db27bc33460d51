import { describe, expect, it } from '@jest/globals';
import { requestPath } from './request-path.js';

describe(requestPath.name, () => {
  it.each([
    ['/v1/messages', '/v1/messages'],
    ['/v1/messages?limit=1', '/v1/messages'],
    ['/v1/messages#part', '/v1/messages'],
    ['/%76%31/messages', '/v1/messages'],
    ['/v1/%6Dessages?x=%20', '/v1/messages'],
    ['http://host/v1/messages?x', '/v1/messages'],
    ['https://host:443/v1/messages', '/v1/messages'],
    // A reserved character in a segment does not end it, and an escaped question mark starts no query.
    ['/v1/a%2Fb', '/v1/a%2Fb'],
    ['/v1/messages%3Fx', '/v1/messages%3Fx'],
    ['//v1/messages', '//v1/messages'],
    ['/v1/%zz', '/v1/%zz'],
    ['*', '*'],
    ['', ''],
  ])('reads the path of %s', (target, path) => {
    expect(requestPath(target)).toBe(path);
  });
});
