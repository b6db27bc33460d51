import type { Category, Variables } from '../message.js';
import { withoutMark } from './advertising-mark.js';
import { UNSUBSCRIBE_LINK, UNSUBSCRIBE_URL } from './dialect.js';
import type { Template, Templates } from './template.js';

/** A text that has nothing but variables and blanks: where all of its variables are blank, so is the mail's text. */
export interface HollowText {
  readonly field: 'subject' | 'html' | 'text';
  /** None: the text is blank whatever the values. */
  readonly names: readonly string[];
  /** The mark of an advertisement alone is no subject. */
  readonly ofAdvertisement: boolean;
}

/** The texts of a message that values may leave empty; most messages have none. An empty subject counts as not given. */
export function hollowTexts({ subject, html, text }: Templates, category: Category): readonly HollowText[] {
  const ofAdvertisement = category === 'marketing';
  const bodyField = html === undefined ? 'text' : 'html';
  const body = html ?? text;
  return [
    ...(subject.length === 0 ? [] : hollow({ field: 'subject', ofAdvertisement }, subject)),
    ...(body === undefined ? [] : hollow({ field: bodyField, ofAdvertisement }, body)),
  ];
}

function hollow(where: Omit<HollowText, 'names'>, template: Template): readonly HollowText[] {
  const names = new Set<string>();
  for (const token of template) {
    if (token.kind === 'literal') {
      if (!isBlank(token.text, where)) return [];
    } else if (where.ofAdvertisement && where.field !== 'subject' && UNSUBSCRIBE_NAMES.has(token.name)) {
      return [];
    } else {
      names.add(token.name);
    }
  }
  return [{ ...where, names: [...names] }];
}

const UNSUBSCRIBE_NAMES: ReadonlySet<string> = new Set([UNSUBSCRIBE_LINK, UNSUBSCRIBE_URL]);

const isBlank = (text: string, { field, ofAdvertisement }: Omit<HollowText, 'names'>): boolean =>
  (field === 'subject' && ofAdvertisement ? withoutMark(text) : text).trim() === '';

/** Is the text empty with these values? A variable without any value is somebody else's concern. */
export const isEmptyWith = (text: HollowText, defaults: Variables, own?: Variables): boolean =>
  text.names.every((name) => {
    const values = own !== undefined && Object.hasOwn(own, name) ? own : defaults;
    return Object.hasOwn(values, name) && isBlank(values[name] ?? '', text);
  });
