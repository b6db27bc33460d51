import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeId, encodeId, idPrefixes, type IdKind } from './id.js';

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const kinds = Object.keys(idPrefixes) as IdKind[];
const kind = fc.constantFrom(...kinds);
const NIL = '00000000-0000-0000-0000-000000000000';

describe(encodeId.name, () => {
  it.each([
    [NIL, '00000000000000000000000000'],
    ['00000000-0000-0000-0000-000000000001', '00000000000000000000000001'],
    ['00000000-0000-0000-0000-000000000020', '00000000000000000000000010'],
    ['ffffffff-ffff-ffff-ffff-ffffffffffff', '7zzzzzzzzzzzzzzzzzzzzzzzzz'],
    ['01889c89-df6b-7f1c-a388-91396ec314bc', '01h2e8kqvbfwea724h75qc655w'],
  ])('writes %s as the TypeID vector %s, and back', (uuid, suffix) => {
    expect(encodeId('message', uuid)).toBe(`msg_${suffix}`);
    expect(decodeId('message', `msg_${suffix}`)).toBe(uuid);
  });

  it('uses the prefixes of the public interface, each once', () => {
    const prefixes = kinds.map((each) => encodeId(each, NIL).slice(0, 4));
    expect(prefixes.join('')).toBe('msg_bat_att_tpl_cat_con_grp_whk_dlv_whs_evt_key_adt_rte_era_');
    expect(new Set(prefixes).size).toBe(kinds.length);
  });

  it('keeps the order of UUIDs', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.uuid(), (a, b) => {
        expect(encodeId('event', a) < encodeId('event', b)).toBe(a < b);
      }),
    );
  });
});

describe(decodeId.name, () => {
  it('gives back any UUID that was encoded', () => {
    fc.assert(
      fc.property(kind, fc.uuid(), (each, uuid) => {
        expect(decodeId(each, encodeId(each, uuid))).toBe(uuid);
      }),
    );
  });

  it('refuses an id of another kind', () => {
    fc.assert(
      fc.property(kind, kind, fc.uuid(), (a, b, uuid) => {
        fc.pre(a !== b);
        expect(decodeId(a, encodeId(b, uuid))).toBeUndefined();
      }),
    );
  });

  it.each([
    ['nothing', ''],
    ['the prefix alone', 'msg_'],
    ['no prefix', '01h2e8kqvbfwea724h75qc655w'],
    ['a UUID', '01889c89-df6b-7f1c-a388-91396ec314bc'],
    ['a prefix without underscore', 'msg01h2e8kqvbfwea724h75qc655w'],
    ['a prefix in upper case', 'MSG_01h2e8kqvbfwea724h75qc655w'],
    ['a suffix in upper case', 'msg_01H2E8KQVBFWEA724H75QC655W'],
    ['too short a suffix', 'msg_01h2e8kqvbfwea724h75qc655'],
    ['too long a suffix', 'msg_01h2e8kqvbfwea724h75qc655w0'],
    ['a letter that the alphabet leaves out', 'msg_01h2e8kqvbfwea724h75qc655l'],
    ['more than 128 bits', 'msg_80000000000000000000000000'],
    ['all bits of 26 digits', 'msg_zzzzzzzzzzzzzzzzzzzzzzzzzz'],
    ['a space', 'msg_01h2e8kqvbfwea724h75qc655 '],
    ['a line break at the end', 'msg_01h2e8kqvbfwea724h75qc655w\n'],
    ['a NUL', 'msg_01h2e8kqvbfwea724h75qc655\0'],
    ['an astral character of two units', 'msg_01h2e8kqvbfwea724h75qc65😀'],
    ['full-width digits', 'msg_01h2e8kqvbfwea724h75qc655０'],
    ['a lone surrogate', 'msg_01h2e8kqvbfwea724h75qc655\ud83d'],
    ['SQL', "msg_' or 1=1 --"],
  ])('refuses %s', (_what, id) => {
    expect(decodeId('message', id)).toBeUndefined();
  });

  it('never throws, and what it takes is written only one way', () => {
    const digits = fc.array(fc.constantFrom(...ALPHABET, 'A', 'i', 'u', '-'), { minLength: 24, maxLength: 27 });
    const suffix = fc.oneof(
      digits.map((each) => each.join('')),
      fc.string({ unit: 'binary' }),
    );
    fc.assert(
      fc.property(kind, suffix, (each, text) => {
        const id = `${idPrefixes[each]}_${text}`;
        const uuid = decodeId(each, id);
        if (uuid !== undefined) expect(encodeId(each, uuid)).toBe(id);
      }),
      { numRuns: 300 },
    );
  });

  it('refuses a hostile length at once', () => {
    const started = performance.now();
    expect(decodeId('message', `msg_${'0'.repeat(10_000_000)}`)).toBeUndefined();
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});
