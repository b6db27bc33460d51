import { describe, expect, it } from '@jest/globals';
import { forbiddenExtensionOf, forbiddenExtensions, sizesOf } from './attachments.js';

describe(forbiddenExtensionOf.name, () => {
  it.each(forbiddenExtensions)('knows .%s however it is written', (extension) => {
    for (const name of [
      `a.${extension}`,
      `A.B.${extension.toUpperCase()}`,
      `a.${extension}. `,
      `보고서.${extension}`,
    ]) {
      expect(forbiddenExtensionOf(name)).toBe(extension);
    }
  });

  it.each(['a.pdf', 'exe', 'a.exe.txt', 'a.json', 'js', '보고서.hwp', 'a.', '...'])('lets %s pass', (name) => {
    expect(forbiddenExtensionOf(name)).toBeUndefined();
  });
});

describe(sizesOf.name, () => {
  it('counts, adds up and finds the largest', () => {
    expect(sizesOf([2, 5, 1].map((size) => ({ size, name: `${size}.txt` })))).toEqual({
      count: 3,
      largestBytes: 5,
      totalBytes: 8,
      names: [2, 5, 1].map((size, index) => ({ name: `${size}.txt`, index })),
    });
    expect(sizesOf([])).toEqual({ count: 0, largestBytes: 0, totalBytes: 0, names: [] });
  });
});
