import { ADVERTISING_MARK } from './dialect.js';

/*
 * A mark counts as present however it is typed: after blanks or invisible characters, in brackets of another width or
 * shape, with blanks inside, with Hangul that macOS has taken apart, or several times. Korean law wants the one
 * spelling, so it takes the place of all of them.
 */
const INSIDE = String.raw`[\s\u00ad\u200b-\u200f\u2060\ufeff]{0,3}`;
const OPENING = String.raw`[(\uff08\ufe59[\uff3b\u3010\u3014{\uff5b<\uff1c]`;
const CLOSING = String.raw`[)\uff09\ufe5a\]\uff3d\u3011\u3015}\uff5d>\uff1e]`;
const GWANG = String.raw`(?:\uad11|\uacfc\u11bc|\u1100\u116a\u11bc)`;
const GO = String.raw`(?:\uace0|\u1100\u1169)`;
const MARK = new RegExp([OPENING, GWANG, GO, CLOSING].join(INSIDE), 'y');
const LONGEST_MARK = 16;
const BEGINNING = new RegExp(OPENING);
const BLANK = /[\s\u00ad\u200b-\u200f\u2060\ufeff]/;

const isBlankAt = (text: string, at: number): boolean => at < text.length && BLANK.test(text.charAt(at));

/** A subject without the marks and blanks at its head. Takes linear time. */
export function withoutMark(subject: string): string {
  let at = 0;
  for (;;) {
    while (isBlankAt(subject, at)) at += 1;
    MARK.lastIndex = at;
    if (!MARK.test(subject)) return subject.slice(at);
    at = MARK.lastIndex;
  }
}

/** The subject of an advertisement as its reader sees it: with the mark at the very head, once. */
export function withMark(subject: string): string {
  const rest = withoutMark(subject);
  return rest === '' ? ADVERTISING_MARK : `${ADVERTISING_MARK} ${rest}`;
}

/** Can this be the beginning of a mark, when more text follows? */
export const mayBeginMark = (text: string): boolean =>
  text === '' || (text.length < LONGEST_MARK && BEGINNING.test(text.charAt(0)));
