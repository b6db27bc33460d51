import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readMailboxes } from './mailboxes.js';

const [KIM, LEE] = ['kim@example.com', 'lee@example.com'];

/** Mailboxes as `name|address`, faults by their detail. */
const read = (text: string): string[] =>
  [...readMailboxes(text)].map((each) =>
    'fault' in each ? `!${each.fault.detail}` : `${each.mailbox.name ?? ''}|${each.mailbox.address}`,
  );

describe(readMailboxes.name, () => {
  it.each([
    [KIM, [`|${KIM}`]],
    [`  ${KIM}\t`, [`|${KIM}`]],
    [`<${KIM}>`, [`|${KIM}`]],
    [`< ${KIM} >`, [`|${KIM}`]],
    [`Kim <${KIM}>`, [`Kim|${KIM}`]],
    [`김철수<${KIM}>`, [`김철수|${KIM}`]],
    [`J. R. O'Neil & Co. <${KIM}>`, [`J. R. O'Neil & Co.|${KIM}`]],
    [`[공지] 알림 <${KIM}>`, [`[공지] 알림|${KIM}`]],
    [`Kim (Sales, Seoul) <${KIM}>`, [`Kim (Sales, Seoul)|${KIM}`]],
    [`"Kim, Lee" <${KIM}>`, [`Kim, Lee|${KIM}`]],
    [`"Kim, Minsu <${LEE}>" <${KIM}>`, [`Kim, Minsu <${LEE}>|${KIM}`]],
    [`"${LEE}" <${KIM}>`, [`${LEE}|${KIM}`]],
    [`"Kim \\"Ace\\" Lee" <${KIM}>`, [`Kim "Ace" Lee|${KIM}`]],
    [`"back\\\\slash" <${KIM}>`, [`back\\slash|${KIM}`]],
    [`"Team: a" <${KIM}>`, [`Team: a|${KIM}`]],
    [`"=?utf-8?B?6rmA?=" <${KIM}>`, [`=?utf-8?B?6rmA?=|${KIM}`]],
    [`"" <${KIM}>`, [`|${KIM}`]],
    [`"Kim" "Lee" <${KIM}>`, [`Kim Lee|${KIM}`]],
    [`"Kim" Minsu <${KIM}>`, [`Kim Minsu|${KIM}`]],
    [`${KIM} <${KIM}>`, [`|${KIM}`]],
    [`KIM@Example.com <${KIM}>`, [`|${KIM}`]],
    [`${KIM} (Kim)`, [`|${KIM}`]],
    [`(to, ${LEE}) ${KIM} (a (nested, \\) one))`, [`|${KIM}`]],
    [`Kim <${KIM}> (${LEE}, too)`, [`Kim|${KIM}`]],
    [`Kim <(here, ${LEE}) ${KIM}>`, [`Kim|${KIM}`]],
    [`two\nlines <${KIM}>`, [`two\nlines|${KIM}`]],
  ])('takes %j for one mailbox', (text, expected) => {
    expect(read(text)).toEqual(expected);
  });

  it.each([
    [`${KIM},${LEE}`, [`|${KIM}`, `|${LEE}`]],
    [`${KIM}; ${LEE}`, [`|${KIM}`, `|${LEE}`]],
    [`A <${KIM}>, B <${LEE}>`, [`A|${KIM}`, `B|${LEE}`]],
    [`${KIM}, Lee <${LEE}>`, [`|${KIM}`, `Lee|${LEE}`]],
    [`Kim <${KIM}>,\r\n\tLee <${LEE}>`, [`Kim|${KIM}`, `Lee|${LEE}`]],
    [`"Kim, A" <${KIM}>; "Lee; B" <${LEE}>`, [`Kim, A|${KIM}`, `Lee; B|${LEE}`]],
    [`,, ${KIM} ,; (nobody), ${LEE},`, [`|${KIM}`, `|${LEE}`]],
    ['', []],
    [' ,; ,', []],
    ['(nobody)', []],
  ])('takes %j for a list', (text, expected) => {
    expect(read(text)).toEqual(expected);
  });

  it.each([
    ['a quoted first part without address', `"${KIM}", Lee <${LEE}>`, ['!is a name in quotes', `Lee|${LEE}`]],
    ['an unquoted comma in a name', `Kim, Minsu <${KIM}>`, ['!is not an e-mail address', `Minsu|${KIM}`]],
    ['a missing separator', `Kim <${KIM}> Lee <${LEE}>`, ['!it has a second "<"']],
    ['a full-width comma', `Kim <${KIM}>， Lee <${LEE}>`, ['!it has a second "<"']],
    ['an ideographic comma', `${KIM}、${LEE}`, ['!is not an e-mail address']],
    ['a line break for a separator', `${KIM}\n${LEE}`, ['!is not an e-mail address']],
    ['text behind the bracket', `<${KIM}> Kim`, ['!text follows']],
    ['another address in an unquoted name', `${LEE} <${KIM}>`, ['!an "@" is in a name']],
    ['another address beside a name', `Lee ${LEE} Kim <${KIM}>`, ['!an "@" is in a name']],
    ['an address in a name that is quoted in part', `"${LEE}" Kim <${KIM}>`, ['!an "@" is in a name']],
    ['an address in two quoted words', `"Lee" "${LEE}" <${KIM}>`, ['!an "@" is in a name']],
    ['an address in a comment of the name', `Kim (${LEE}) <${KIM}>`, ['!an "@" is in a name']],
    ['a full-width @ in an unquoted name', `lee＠example.com <${KIM}>`, ['!an "@" is in a name']],
    ['an encoded word', `=?utf-8?B?6rmA?= <${KIM}>`, ['!holds an encoded word']],
    ['a group', `Team: ${KIM}, ${LEE};`, ['!groups']],
    ['an empty group', 'undisclosed-recipients:;', ['!groups']],
    ['a mailto: URL', `mailto:${KIM}`, ['!write addresses without "mailto:"']],
    ['a mailto: URL in brackets', `Kim <mailto:${KIM}>`, ['!write addresses without "mailto:"']],
    ['a route', `<@a.example,@b.example:${KIM}>`, ['!a "<" is not closed']],
    ['an open quote', `"Kim <${KIM}>, Lee <${LEE}>`, ['!a double quote is not closed']],
    ['an escaped closing quote', `"Kim\\" <${KIM}>`, ['!a double quote is not closed']],
    ['an open comment', `Kim (Sales <${KIM}>`, ['!a "(" is not closed']],
    ['a closed comment that was not opened', `Kim Sales) <${KIM}>`, ['!a ")" has no "("']],
    ['an open bracket', `Kim <${KIM}, Lee <${LEE}>`, ['!a "<" is not closed']],
    ['an open bracket at the end', `Kim <${KIM}`, ['!a "<" is not closed']],
    ['a closed bracket that was not opened', `Kim ${KIM}>`, ['!a ">" has no "<"']],
    ['a bracket that is closed twice', `Kim <${KIM}>>`, ['!a ">" has no "<"']],
    ['a bracket in an unquoted name', `a <b> <${KIM}>`, ['!it has a second "<"']],
    ['nothing in the brackets', 'Kim <>', ['!an address is required']],
    ['a name alone', 'Kim', ['!is not an e-mail address: it has no "@"']],
    ['a blank in the address', `Kim ${KIM}`, ['!is not an e-mail address: it holds a blank']],
    ['a comment inside of an address', 'kim(Kim)@example.com', ['!is not an e-mail address: it holds a blank']],
    ['a quoted local part', '"kim, lee"@example.com', ['!is not an e-mail address: a quoted part']],
    ['an address literal', 'Kim <kim@[IPv6:::1]>', ['!is not an e-mail address: an address literal']],
  ])('refuses %s', (_what, text, expected) => {
    const found = read(text);
    expect(found.map((line, i) => line.slice(0, expected[i]?.length))).toEqual(expected);
  });

  it('says which part of the string it is', () => {
    const places = [...readMailboxes(`A <${KIM}>,, lee@ ; "B" <${LEE}>`)].map(({ place }) => place);
    expect(places).toEqual([
      { number: 1, text: `A <${KIM}>`, alone: false },
      { number: 2, text: 'lee@', alone: false },
      { number: 3, text: `"B" <${LEE}>`, alone: false },
    ]);
    expect([...readMailboxes(` Kim <${KIM}> `)].map(({ place }) => place.alone)).toEqual([true]);
  });

  const quoted = (name: string): string => `"${name.replaceAll(/["\\]/g, '\\$&')}"`;
  const mailbox = fc.record({ name: fc.string({ unit: 'grapheme', minLength: 1 }), address: fc.emailAddress() });

  it('reads back every list of quoted names and addresses', () => {
    const separator = fc.constantFrom(',', ';', ' , ', ';\n', ',,', ' (x, y) , ');
    fc.assert(
      fc.property(fc.array(fc.tuple(mailbox, separator)), (list) => {
        const text = list.map(([{ name, address }, between]) => `${quoted(name)} <${address}>${between}`).join('');
        expect(read(text)).toEqual(list.map(([{ name, address }]) => `${name}|${address}`));
      }),
    );
  });

  it('never shows an address in a name that was not quoted as a whole, and never throws', () => {
    const unit = fc.constantFrom(
      ...`<>",;:()\\[] \n`,
      KIM,
      LEE,
      'Kim',
      '김',
      '@',
      '=?utf-8?B?a2lt?=',
      `<${KIM}>`,
      '"A" ',
    );
    fc.assert(
      fc.property(fc.array(unit, { maxLength: 10 }), (units) => {
        for (const each of readMailboxes(units.join(''))) {
          if ('fault' in each || each.mailbox.name?.includes('@') !== true) continue;
          expect(each.place.text).toMatch(/^"(?:[^"\\]|\\[^])*"\s*<[^<]*>/);
        }
      }),
      { numRuns: 5000 },
    );
  });

  it('takes no mailbox of more than 4,096 characters, and what follows it neither', () => {
    const name = (length: number): string => 'a'.repeat(length);
    expect(read(`"${name(4000)}" <${KIM}>, ${LEE}`)).toEqual([`${name(4000)}|${KIM}`, `|${LEE}`]);
    expect(read(`${LEE}, "${name(4100)}" <${KIM}>, ${LEE}`)).toEqual([
      `|${LEE}`,
      '!a mailbox has at most 4096 characters',
    ]);
    expect(read(`${LEE},${' '.repeat(5000)}${KIM}`)).toEqual([`|${LEE}`, `|${KIM}`]);
    expect(read(`${LEE}, Kim${' '.repeat(5000)}<${KIM}>`)).toEqual([
      `|${LEE}`,
      '!a mailbox has at most 4096 characters',
    ]);
  });

  const MEGABYTE = 1_000_000;
  it.each([
    ['mailboxes', `A <${KIM}>, `.repeat(MEGABYTE / 10)],
    ['separators', ',;'.repeat(MEGABYTE)],
    ['blanks', `a${' '.repeat(MEGABYTE)}b`],
    ['blanks between separators', `${' '.repeat(100)},`.repeat(MEGABYTE / 100)],
    ['opening brackets', '<'.repeat(MEGABYTE)],
    ['brackets', '<>'.repeat(MEGABYTE)],
    ['quotes', `${'"'.repeat(MEGABYTE)} <a@b.co>`],
    ['open quotes', '"a'.repeat(MEGABYTE)],
    ['quoted words', `${'"a" '.repeat(MEGABYTE)} <a@b.co>`],
    ['mailboxes of quoted words', `${'"a" '.repeat(1000)} <a@b.co>,`.repeat(MEGABYTE / 4000)],
    ['backslashes', `"${'\\'.repeat(MEGABYTE)}" <a@b.co>`],
    ['letters in quotes', `"${'a'.repeat(10 * MEGABYTE)}" <a@b.co>`],
    ['opening parentheses', '('.repeat(MEGABYTE)],
    ['comments', `${'(a)'.repeat(MEGABYTE)} a@b.co`],
    ['comments in brackets', `<${'(a)'.repeat(MEGABYTE)} a@b.co>`],
    ['open comments behind mailboxes', `a@b.co(`.repeat(MEGABYTE / 10)],
    ['colons', ':'.repeat(MEGABYTE)],
    ['literals', '@['.repeat(MEGABYTE)],
    ['@', '@'.repeat(MEGABYTE)],
    ['encoded words', `${'=?a?B?'.repeat(MEGABYTE)} <a@b.co>`],
    ['words', `${'a '.repeat(MEGABYTE)}<a@b.co>`],
  ])('takes linear time for a hostile run of %s', (_what, text) => {
    const started = performance.now();
    for (const _ of readMailboxes(text)) continue;
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});
