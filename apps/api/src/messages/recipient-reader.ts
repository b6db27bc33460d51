import {
  FieldErrors,
  addressKey,
  pointerSegment,
  recipientTypes,
  type Category,
  type Delivery,
  type Mailbox,
  type ParsedContent,
  type Recipient,
  type RecipientType,
  type Variables,
} from '@gateway/core';
import { AddressSet } from './address-set.js';
import { hasControlCharacter, isObject, readMailbox, refuseUnknown, type Place } from './mailbox.js';
import { readVariables } from './variables.js';

export const MAX_COPIES = 30;
interface Own {
  readonly type: RecipientType;
  readonly variables?: Variables;
}

const MAILBOX_FIELDS: ReadonlySet<string> = new Set(['address', 'name']);
const FIELDS: ReadonlySet<string> = new Set(['address', 'name', 'type', 'variables']);

export interface RecipientRules {
  readonly category: Category;
  readonly delivery: Delivery;
  readonly dedupe: boolean;
  readonly defaults: Variables;
  /** Absent when the content itself is invalid: then only the recipients as such are checked. */
  readonly content: ParsedContent | undefined;
}

/** Checks and normalises recipients one by one, as they come: nothing is kept of them but their addresses. */
export class RecipientReader {
  private readonly seen = new AddressSet();
  private readonly needed: readonly string[];
  private readonly inSubject: ReadonlySet<string>;
  private readonly copies: Record<RecipientType, number> = { to: 0, cc: 0, bcc: 0 };
  private position = 0;
  private toldDefaults = false;

  constructor(
    private readonly rules: RecipientRules,
    private readonly errors: FieldErrors,
  ) {
    const { content, defaults } = rules;
    const namesIn = (parts: ParsedContent['body']): string[] =>
      parts.flatMap((part) => (part.kind === 'variable' ? [part.name] : []));
    this.inSubject = new Set(namesIn(content?.subject ?? []));
    const used = new Set([...this.inSubject, ...namesIn(content?.body ?? [])]);
    this.needed = [...used].filter((name) => !Object.hasOwn(defaults, name));
  }

  /** Number of recipients that were read so far, duplicates left out. */
  get count(): number {
    return this.position;
  }

  /** @returns `undefined` for an invalid recipient (told to `errors`) or a duplicate that is to be dropped. */
  read(value: unknown, place: Place, type?: RecipientType): Recipient | undefined {
    const mailbox = readMailbox(value, place, this.errors);
    const own = this.readRest(value, place, type);
    if (mailbox === undefined || own === undefined) return undefined;
    if (this.isDuplicate(mailbox.address, place, isObject(value))) return undefined;
    this.checkType(own.type, place, type !== undefined);
    this.checkVariables(own.variables, place);
    const position = this.position;
    this.position += 1;
    return recipientOf(position, mailbox, own);
  }

  /** Everything but the mailbox. In the lists `to`, `cc` and `bcc` the list gives the type. */
  private readRest(value: unknown, place: Place, type: RecipientType | undefined): Own | undefined {
    if (!isObject(value)) return { type: type ?? 'to' };
    if (type === undefined) return this.readOwn(value, place);
    refuseUnknown(value, MAILBOX_FIELDS, place, this.errors);
    return { type };
  }

  /** Tells what only shows at the end of the list. @param pointer where the list stands */
  finish(pointer: string): void {
    this.seen.clear();
    if (this.rules.delivery !== 'shared' || this.position === 0 || this.copies.to > 0) return;
    this.errors.add(pointer, 'required', 'a shared mail needs a recipient of type "to"');
  }

  private readOwn(value: Record<string, unknown>, place: Place): Own | undefined {
    refuseUnknown(value, FIELDS, place, this.errors);
    const variables = readVariables(value['variables'], place, this.errors, '/variables');
    const type = value['type'] ?? 'to';
    if (!isRecipientType(type)) {
      const code = typeof type === 'string' ? 'not_allowed' : 'invalid_type';
      this.errors.add(`${place.pointer}/type`, code, `must be one of ${recipientTypes.join(', ')}`, place.line);
      return undefined;
    }
    return variables === undefined || Object.keys(variables).length === 0 ? { type } : { type, variables };
  }

  private checkType(type: RecipientType, place: Place, shorthand: boolean): void {
    this.copies[type] += 1;
    const pointer = shorthand ? place.pointer : `${place.pointer}/type`;
    if (this.rules.delivery === 'individual' && type !== 'to') {
      this.errors.add(pointer, 'not_allowed', `an individual mail has no ${type}; use delivery "shared"`, place.line);
    }
    if (type !== 'to' && this.copies[type] === MAX_COPIES + 1) {
      this.errors.add(pointer, 'too_many', `a message takes at most ${MAX_COPIES} ${type} recipients`, place.line);
    }
    if (this.rules.category === 'authentication' && this.position === 1) {
      this.errors.add(place.pointer, 'too_many', 'an authentication message has exactly one recipient', place.line);
    }
  }

  private checkVariables(own: Variables | undefined, place: Place): void {
    if (own !== undefined && this.rules.delivery === 'shared') {
      const detail = 'a shared mail is one mail for all: variables belong to the message';
      this.errors.add(`${place.pointer}/variables`, 'not_allowed', detail, place.line);
      return;
    }
    for (const name of this.needed) {
      if (own === undefined || !Object.hasOwn(own, name)) this.missing(name, place);
    }
    if (own !== undefined) this.checkSubject(own, place);
  }

  /** What stands in the subject ends up in a header. */
  private checkSubject(own: Variables, place: Place): void {
    for (const name of this.inSubject) {
      const value = Object.hasOwn(own, name) ? own[name] : undefined;
      if (value === undefined || !hasControlCharacter(value)) continue;
      const pointer = `${place.pointer}/variables/${pointerSegment(name)}`;
      this.errors.add(pointer, 'control_character', 'stands in the subject and must not hold line breaks', place.line);
    }
  }

  private missing(name: string, place: Place): void {
    const shared = this.rules.delivery === 'shared';
    if (shared && this.toldDefaults) return;
    const pointer = `${shared ? '' : place.pointer}/variables/${pointerSegment(name)}`;
    this.errors.add(pointer, 'missing_variable', `{{${name}}} has no value`, shared ? undefined : place.line);
    if (shared && name === this.needed.at(-1)) this.toldDefaults = true;
  }

  private isDuplicate(address: string, place: Place, object: boolean): boolean {
    if (this.seen.add(addressKey(address))) return false;
    if (this.rules.dedupe) return true;
    const pointer = object ? `${place.pointer}/address` : place.pointer;
    this.errors.add(
      pointer,
      'duplicate_address',
      'stands in the list already; "dedupe": true keeps the first',
      place.line,
    );
    return true;
  }
}

/** Spelled out: an object that is spread costs as much as all that was checked before. */
function recipientOf(position: number, { address, name }: Mailbox, { type, variables }: Own): Recipient {
  if (name === undefined) {
    return variables === undefined ? { position, address, type } : { position, address, type, variables };
  }
  return variables === undefined ? { position, address, name, type } : { position, address, name, type, variables };
}

const isRecipientType = (value: unknown): value is RecipientType =>
  typeof value === 'string' && (recipientTypes as readonly string[]).includes(value);
