import { describe, expect, it } from '@jest/globals';
import { signature } from './apigw-signature.js';

describe(signature.name, () => {
  // The vectors of ncp.md §13 and sens.md §9.
  it.each([
    ['POST', '/api/v1/mails', 'AjndipZJIDKGUs8yYnc/Eo24ejM1N7/ppWX0b4yCiAA='],
    [
      'GET',
      '/api/v1/mails/requests?startDateTime=2026-11-01%2000:00&endDateTime=2026-11-20%2023:59&size=5&page=0',
      'e+Jq768nZSXsPxzUcAAZYKe4jcFMjmQig+9PdtsS+FM=',
    ],
    ['POST', '/api/v1-sgn/mails', 'z0H1nSzeUNA72TuB1Cnmfa22sl3sbqhrD+900HGRh54='],
    [
      'POST',
      '/mail/v2/services/ncp%3Amail%3Akr%3A100000000002%3Amain/requests',
      'LKL2XfMcOk8uFoM4JCHO0LkBQmQd13NoZsxQJEcjHZc=',
    ],
    [
      'POST',
      '/mail/v2/services/ncp:mail:kr:100000000002:main/requests',
      'hf4rZV8Tva7GHOtArrdQAh5y9XhPGdA5gCYgbUIkkLE=',
    ],
    ['GET', '/common/v2/projects', 'FnsVMGFFNQsqI7Cb9+7uPlXoJcCaF9grIjF+Hhw1+lw='],
  ])('%s %s', (method, path, wanted) => {
    expect(signature({ method, path, timestamp: '1700000000000' }, 'AKTEST', 'SKTEST')).toBe(wanted);
  });
});
