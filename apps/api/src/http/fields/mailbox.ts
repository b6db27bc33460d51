import {
  FieldErrors,
  addressFault,
  normaliseAddress,
  plainMailbox,
  pointerSegment,
  readMailboxes,
  type FieldErrorCode,
  type Mailbox,
  type MailboxPlace,
} from '@gateway/core';

/** A bound of the gateway's own, so that no vendor has to declare one; each account judges names by its own limit. */
export const MAX_NAME_BYTES = 1000;
/** How much of a string is read in one turn of the event loop: some 10 ms. */
export const MAX_MAILBOXES_IN_STRING = 10_000;
const LONGEST_STRING = 1024 * 1024;
const TOO_LONG = `a string of mailboxes has at most ${LONGEST_STRING} characters; send a list`;
const MORE_THAN_ONE = 'holds more than one mailbox; exactly one is expected here (quote a name that holds a comma)';
const LONGEST_EXCERPT = 60;
// C0, DEL and C1 control characters, and the two Unicode line separators.
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;

export const hasControlCharacter = (text: string): boolean => CONTROL.test(text);

/** Where an address is in the body, for pointers. */
export interface Place {
  readonly pointer: string;
  readonly line?: number | undefined;
  /** One of several mailboxes in the string at `pointer`: the detail names it, since no pointer can. */
  readonly part?: MailboxPlace;
}

/** Adds an error at a place. */
export function addFault(errors: FieldErrors, place: Place, code: FieldErrorCode, detail: string): void {
  errors.add(place.pointer, code, detailAt(place, detail), place.line);
}

/** The place of a member of the object at `place`; `member` as a pointer, `/name`. */
export const below = (place: Place, member: string): Place =>
  member === '' ? place : { ...place, pointer: place.pointer + member };

export const detailAt = ({ part }: Place, detail: string): string =>
  part === undefined ? detail : `mailbox ${part.number} (${excerpt(part.text)}): ${detail}`;

const excerpt = (text: string): string =>
  JSON.stringify(text.length > LONGEST_EXCERPT ? `${text.slice(0, LONGEST_EXCERPT).toWellFormed()}…` : text);

/**
 * Reads one mailbox: `"Kim <kim@example.com>"`, `"kim@example.com"`, or the address and name of an object.
 * @returns the mailbox, normalised, or `undefined` after adding to `errors` what is wrong.
 */
export function readMailbox(value: unknown, place: Place, errors: FieldErrors): Mailbox | undefined {
  if (typeof value !== 'string') return readMailboxObject(value, place, errors);
  const plain = plainMailbox(value);
  if (plain !== undefined) return checkName(plain, place, errors);
  if (value.length > LONGEST_STRING) return fail(errors, place, 'too_long', TOO_LONG);
  const [first, second] = readMailboxes(value);
  if (first === undefined) return fail(errors, place, 'required', 'an address is required');
  if (second !== undefined) return fail(errors, place, 'invalid_address', MORE_THAN_ONE);
  if ('fault' in first) return fail(errors, place, first.fault.code, first.fault.detail);
  return checkName(first.mailbox, place, errors);
}

/** Reads an object `{address, name?}`. */
export function readMailboxObject(value: unknown, place: Place, errors: FieldErrors): Mailbox | undefined {
  if (value === undefined || value === null) return fail(errors, place, 'required', 'an address is required');
  if (!isObject(value)) return fail(errors, place, 'invalid_type', 'must be an address or {address, name}');
  const { address, name } = value;
  const normal = readAddress(address, below(place, '/address'), errors);
  if (name !== undefined && name !== null && typeof name !== 'string') {
    return fail(errors, below(place, '/name'), 'invalid_type', 'must be a string');
  }
  if (normal === undefined) return undefined;
  return checkName(typeof name === 'string' ? { address: normal, name } : { address: normal }, place, errors, '/name');
}

/** @returns the normal form, or `undefined` after adding to `errors` what is wrong */
function readAddress(address: unknown, place: Place, errors: FieldErrors): string | undefined {
  if (address === undefined) return fail(errors, place, 'required', 'an address is required');
  if (typeof address !== 'string') return fail(errors, place, 'invalid_type', 'must be a string');
  const normal = normaliseAddress(address);
  if (normal !== undefined) return normal;
  const { code, detail } = addressFault(address);
  return fail(errors, place, code, detail);
}

/** Reads the mailboxes of a string, one after the other, each with its place; adds to `errors` what is wrong. */
export function* readMailboxList(
  text: string,
  place: Place,
  errors: FieldErrors,
): Generator<{ readonly mailbox: Mailbox; readonly place: Place }> {
  if (text.length > LONGEST_STRING) return addFault(errors, place, 'too_long', TOO_LONG);
  let count = 0;
  for (const read of readMailboxes(text)) {
    count += 1;
    if (count > MAX_MAILBOXES_IN_STRING) {
      return addFault(
        errors,
        place,
        'too_many',
        `a string holds at most ${MAX_MAILBOXES_IN_STRING} mailboxes; send a list`,
      );
    }
    const at = read.place.alone ? place : { ...place, part: read.place };
    if ('fault' in read) {
      addFault(errors, at, read.fault.code, read.fault.detail);
      continue;
    }
    const mailbox = checkName(read.mailbox, at, errors);
    if (mailbox !== undefined) yield { mailbox, place: at };
  }
  if (count === 0) addFault(errors, place, 'required', 'an address is required');
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Reports each unknown member of an object. */
export function refuseUnknown(
  value: Record<string, unknown>,
  known: ReadonlySet<string>,
  place: Place,
  errors: FieldErrors,
): void {
  for (const field of Object.keys(value)) {
    if (known.has(field)) continue;
    errors.add(`${place.pointer}/${pointerSegment(field)}`, 'unknown_field', 'is not a field here', place.line);
  }
}

/** @param member where the name is, from the place. @returns the mailbox, without a name that is empty */
export function checkName(mailbox: Mailbox, place: Place, errors: FieldErrors, member = ''): Mailbox | undefined {
  const { address, name } = mailbox;
  if (name === undefined) return mailbox;
  if (name === '') return { address };
  if (hasControlCharacter(name)) {
    const detail = 'a name must not contain control characters or line breaks';
    return fail(errors, below(place, member), 'control_character', detail);
  }
  if (Buffer.byteLength(name) > MAX_NAME_BYTES) {
    return fail(errors, below(place, member), 'too_long', `a name has at most ${MAX_NAME_BYTES} bytes`);
  }
  return mailbox;
}

function fail(errors: FieldErrors, place: Place, code: FieldErrorCode, detail: string): undefined {
  addFault(errors, place, code, detail);
  return undefined;
}
