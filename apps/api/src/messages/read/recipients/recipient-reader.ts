import {
  FieldErrors,
  addressKey,
  isEmptyWith,
  plainMailbox,
  pointerSegment,
  recipientTypes,
  type Category,
  type Delivery,
  type HollowText,
  type Mailbox,
  type ParsedContent,
  type Recipient,
  type RecipientType,
  type Variables,
} from '@gateway/core';
import { AddressSet } from './address-set.js';
import {
  checkName,
  hasControlCharacter,
  isObject,
  readMailboxList,
  readMailboxObject,
  refuseUnknown,
  addFault,
  below,
  type Place,
} from '../../../http/fields/mailbox.js';
import { readVariables } from '../../../http/fields/variables.js';

export const MAX_COPIES = 30;
interface Own {
  readonly type: RecipientType;
  readonly variables?: Variables;
}

/** The variables of a shared mail are the message's. */
const MESSAGE: Place = { pointer: '' };

const TO: Own = { type: 'to' };
/** Where the parts of an entry are, from its place. */
const IN_STRING = { address: '', type: '' };
const IN_SHORTHAND = { address: '/address', type: '' };
const IN_OBJECT = { address: '/address', type: '/type' };

const MAILBOX_FIELDS: ReadonlySet<string> = new Set(['address', 'name']);
const FIELDS: ReadonlySet<string> = new Set(['address', 'name', 'type', 'variables']);

export interface RecipientRules {
  readonly category: Category;
  readonly delivery: Delivery;
  readonly dedupe: boolean;
  readonly defaults: Variables;
  /** Absent when the content itself is invalid: then only the recipients as such are checked. */
  readonly content: ParsedContent | undefined;
  /** Texts that values may leave empty. */
  readonly hollow: readonly HollowText[];
}

/** Checks and normalises recipients one by one, as they come: nothing is kept of them but their addresses. */
export class RecipientReader {
  private readonly seen = new AddressSet();
  private readonly needed: readonly string[];
  private readonly isNeeded: ReadonlySet<string>;
  private readonly inSubject: ReadonlySet<string>;
  private readonly copies: Record<RecipientType, number> = { to: 0, cc: 0, bcc: 0 };
  private position = 0;
  private toldDefaults = false;
  private readonly toldEmpty = new Set<string>();

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
    this.isNeeded = new Set(this.needed);
  }

  /** Number of recipients that were read so far, duplicates left out. */
  get count(): number {
    return this.position;
  }

  /**
   * Reads one entry: an object is one recipient, a string is one or more. Faults are added to the errors, and
   * duplicates that are to be dropped are skipped.
   * @param into takes what was read
   */
  read(value: unknown, place: Place, into: Recipient[], type?: RecipientType): void {
    if (typeof value !== 'string') return this.readObject(value, place, into, type);
    const own = type === undefined ? TO : { type };
    // Most strings are one plain mailbox: they need no list, and no generator.
    const plain = plainMailbox(value);
    if (plain !== undefined) {
      const mailbox = checkName(plain, place, this.errors);
      if (mailbox !== undefined) keep(this.take(mailbox, own, place, IN_STRING), into);
      return;
    }
    for (const { mailbox, place: at } of readMailboxList(value, place, this.errors)) {
      keep(this.take(mailbox, own, at, IN_STRING), into);
    }
  }

  private readObject(value: unknown, place: Place, into: Recipient[], type: RecipientType | undefined): void {
    const mailbox = readMailboxObject(value, place, this.errors);
    const own = this.readRest(value, place, type);
    if (mailbox === undefined || own === undefined) return;
    keep(this.take(mailbox, own, place, type === undefined ? IN_OBJECT : IN_SHORTHAND), into);
  }

  private take(mailbox: Mailbox, own: Own, place: Place, at: typeof IN_OBJECT): Recipient | undefined {
    if (this.isDuplicate(mailbox.address, place, at.address)) return undefined;
    this.checkType(own.type, place, at.type);
    this.checkVariables(own.variables, place);
    for (const text of this.rules.hollow) this.checkHollow(text, own.variables, place);
    const origin = { position: this.position, place, hasMembers: at.address !== '' };
    const recipient = recipientOf(origin, mailbox, own);
    this.position += 1;
    return recipient;
  }

  /** Everything but the mailbox. In the lists `to`, `cc` and `bcc` the list gives the type. */
  private readRest(value: unknown, place: Place, type: RecipientType | undefined): Own | undefined {
    if (!isObject(value)) return undefined;
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

  private checkType(type: RecipientType, place: Place, at: string): void {
    this.copies[type] += 1;
    if (this.rules.delivery === 'individual' && type !== 'to') {
      addFault(
        this.errors,
        below(place, at),
        'not_allowed',
        `an individual mail has no ${type}; use delivery "shared"`,
      );
    }
    if (type !== 'to' && this.copies[type] === MAX_COPIES + 1) {
      addFault(this.errors, below(place, at), 'too_many', `a message takes at most ${MAX_COPIES} ${type} recipients`);
    }
    if (this.rules.category === 'authentication' && this.position === 1) {
      addFault(this.errors, place, 'too_many', 'an authentication message has exactly one recipient');
    }
  }

  private checkVariables(own: Variables | undefined, place: Place): void {
    if (own !== undefined && this.rules.delivery === 'shared') {
      const detail = 'a shared mail is one mail for all: variables belong to the message';
      this.errors.add(`${place.pointer}/variables`, 'not_allowed', detail, place.line);
      return;
    }
    this.checkNeeded(own, place);
    if (own !== undefined) this.checkSubject(own, place);
  }

  /** Beyond the errors that are listed, missing values are counted by what is there: texts may use any number of names. */
  private checkNeeded(own: Variables | undefined, place: Place): void {
    if (this.errors.isFull && this.rules.delivery === 'individual') {
      const given = own === undefined ? 0 : Object.keys(own).filter((name) => this.isNeeded.has(name)).length;
      return this.errors.addUnlisted(this.needed.length - given);
    }
    for (const name of this.needed) {
      if (own === undefined || !Object.hasOwn(own, name)) this.missing(name, place);
    }
  }

  /** The subject becomes a header. */
  private checkSubject(own: Variables, place: Place): void {
    for (const name of this.inSubject) {
      const value = Object.hasOwn(own, name) ? own[name] : undefined;
      if (value === undefined || !hasControlCharacter(value)) continue;
      const pointer = `${place.pointer}/variables/${pointerSegment(name)}`;
      this.errors.add(
        pointer,
        'control_character',
        'is used in the subject and must not contain line breaks',
        place.line,
      );
    }
  }

  private missing(name: string, place: Place): void {
    const shared = this.rules.delivery === 'shared';
    if (shared && this.toldDefaults) return;
    const at = shared ? MESSAGE : place;
    addFault(
      this.errors,
      below(at, `/variables/${pointerSegment(name)}`),
      'missing_variable',
      `{{${name}}} has no value`,
    );
    if (shared && name === this.needed.at(-1)) this.toldDefaults = true;
  }

  /** Points at the recipient's value where one is to blame, else at the text, once. */
  private checkHollow(text: HollowText, own: Variables | undefined, place: Place): void {
    if (!isEmptyWith(text, this.rules.defaults, own)) return;
    const name = own && text.names.find((each) => Object.hasOwn(own, each));
    if (name !== undefined) {
      const pointer = `${place.pointer}/variables/${pointerSegment(name)}`;
      this.errors.add(pointer, 'required', `with this value the ${text.field} is empty`, place.line);
    } else if (!this.toldEmpty.has(text.field)) {
      this.toldEmpty.add(text.field);
      this.errors.add(`/${text.field}`, 'required', 'is empty with these values');
    }
  }

  private isDuplicate(address: string, place: Place, at: string): boolean {
    if (this.seen.add(addressKey(address))) return false;
    if (this.rules.dedupe) return true;
    addFault(
      this.errors,
      below(place, at),
      'duplicate_address',
      'is in the list already; "dedupe": true keeps the first',
    );
    return true;
  }
}

function keep(recipient: Recipient | undefined, into: Recipient[]): void {
  if (recipient !== undefined) into.push(recipient);
}

/** Spelled out: an object that is spread costs as much as all that was checked before. */
function recipientOf(
  { position, place, hasMembers }: { readonly position: number; readonly place: Place; readonly hasMembers: boolean },
  { address, name }: Mailbox,
  { type, variables }: Own,
): Recipient {
  const base = { position, place, hasMembers, address, type };
  if (name === undefined) {
    return variables === undefined ? base : { position, place, hasMembers, address, type, variables };
  }
  if (variables === undefined) return { position, place, hasMembers, address, name, type };
  return { position, place, hasMembers, address, name, type, variables };
}

const isRecipientType = (value: unknown): value is RecipientType =>
  typeof value === 'string' && (recipientTypes as readonly string[]).includes(value);
