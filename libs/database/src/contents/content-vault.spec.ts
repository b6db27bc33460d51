import { describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { newUuid } from '@gateway/platform';
import { ContentLockedError } from './content-locked.error.js';
import { ContentVault } from './content-vault.js';
import { openTexts, sealedVariables, sealTexts, VariablesReader } from './message-contents.js';

const [first, second] = [
  { id: 'first', key: randomBytes(32) },
  { id: 'second', key: randomBytes(32) },
];
const vault = new ContentVault({ keys: [first, second], scope: 'authentication' });
const texts = { subject: '', html: '1.first.AAAA', text: null, variables: { a: '\u{1f600} "\\N' } };

const kept = (id = newUuid()) => {
  const seal = vault.newSeal('message', id);
  return { id, contentKey: seal.sealedKey, ...sealTexts(seal, texts) };
};

describe('contents', () => {
  it('are the same after decrypting', () => {
    const row = kept();
    expect(JSON.stringify(row)).not.toContain('1f600');
    expect(openTexts(vault, row)).toEqual({ ...row, ...texts });
  });

  it('are never encrypted to the same text', () => {
    const seal = vault.newSeal('message', newUuid());
    expect(seal.sealText('subject', 'x')).not.toBe(seal.sealText('subject', 'x'));
  });

  it.each([
    ['another message', (row: ReturnType<typeof kept>) => ({ ...row, id: newUuid() })],
    ['another field', (row: ReturnType<typeof kept>) => ({ ...row, html: row.subject })],
    ['the key of another message', (row: ReturnType<typeof kept>) => ({ ...row, contentKey: kept().contentKey })],
    ['a changed bit', (row: ReturnType<typeof kept>) => ({ ...row, subject: flipped(row.subject) })],
    ['a cut text', (row: ReturnType<typeof kept>) => ({ ...row, subject: row.subject.slice(0, 20) })],
    ['plain text', (row: ReturnType<typeof kept>) => ({ ...row, subject: 'plain' })],
    ['another version', (row: ReturnType<typeof kept>) => ({ ...row, subject: `2${row.subject.slice(1)}` })],
  ])('are refused with %s', (_, change) => {
    expect(() => openTexts(vault, change(kept()))).toThrow(ContentLockedError);
  });

  it('of recipients belong to their position', () => {
    const id = newUuid();
    const seal = vault.newSeal('message', id);
    const variables = sealedVariables(seal, 7, { code: '4711' });
    const read = (position: number) =>
      new VariablesReader(vault).read(id, { position, variables, contentKey: seal.sealedKey });
    expect(read(7)).toEqual({ code: '4711' });
    expect(() => read(8)).toThrow(ContentLockedError);
  });

  it('are in pieces where they are bytes', () => {
    const seal = vault.newSeal('attachment', newUuid());
    const bytes = randomBytes(300_000);
    expect(seal.openBytes('chunk:0', seal.sealBytes('chunk:0', bytes)).equals(bytes)).toBe(true);
    expect(() => seal.openBytes('chunk:1', seal.sealBytes('chunk:0', bytes))).toThrow(ContentLockedError);
  });

  it('are read with an older key, and not without it', () => {
    const row = kept();
    const rotated = new ContentVault({ keys: [second, first], scope: 'all' });
    const contentKey = rotated.resealed('message', row.id, row.contentKey);
    const without = new ContentVault({ keys: [second], scope: 'all' });
    expect(openTexts(rotated, row)).toMatchObject(texts);
    expect(openTexts(without, { ...row, contentKey })).toMatchObject(texts);
    expect(() => openTexts(without, row)).toThrow('the key "first", which is not in CONTENT_KEYS');
    const wrong = new ContentVault({ keys: [{ id: 'first', key: randomBytes(32) }], scope: 'all' });
    expect(() => openTexts(wrong, row)).toThrow('the key "first" in CONTENT_KEYS is not the one');
  });

  it('are those of login mail by default, and of nothing without a key', () => {
    expect([vault.protects('authentication'), vault.protects('marketing'), vault.protectsFiles]).toEqual([
      true,
      false,
      false,
    ]);
    const all = new ContentVault({ keys: [first], scope: 'all' });
    expect([all.protects('marketing'), all.protectsFiles]).toEqual([true, true]);
    const none = new ContentVault({ keys: [], scope: 'all' });
    expect([none.protects('authentication'), none.protectsFiles]).toEqual([false, false]);
  });
});

function flipped(sealed: string): string {
  const [version = '', text = ''] = sealed.split('.');
  const bytes = Buffer.from(text, 'base64');
  bytes.writeUInt8(bytes.readUInt8(15) ^ 1, 15);
  return `${version}.${bytes.toString('base64')}`;
}
