import { FieldErrors, MAX_FILE_NAME_LENGTH, forbiddenExtensionOf } from '@gateway/core';
import { mayFit } from '../http/fields/text.js';

// Control characters, and those that turn the direction of text: "exe.pdf" may be "fdp.exe" in truth.
const INVISIBLE = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/**
 * Makes a file name of what an uploader wrote: without folders and invisible characters, Hangul composed (macOS takes
 * it apart), spaces trimmed.
 * @throws GatewayProblem `validation_failed` when nothing is left, it is too long, or it names a program.
 */
export function readFileName(given: string | undefined, pointer: string): string {
  const errors = new FieldErrors();
  const whole = given ?? '';
  const last = whole.slice(Math.max(whole.lastIndexOf('/'), whole.lastIndexOf('\\')) + 1);
  const isLong = !mayFit(last, MAX_FILE_NAME_LENGTH);
  const name = isLong ? last : last.replaceAll(INVISIBLE, '').toWellFormed().normalize('NFC').trim();
  const extension = isLong ? undefined : forbiddenExtensionOf(name);
  if (!isLong && /^\.*$/.test(name)) errors.add(pointer, 'required', 'a file needs a name');
  else if (name.length > MAX_FILE_NAME_LENGTH) {
    errors.add(pointer, 'too_long', `a file name has at most ${MAX_FILE_NAME_LENGTH} characters`);
  } else if (extension !== undefined) {
    errors.add(pointer, 'not_allowed', `files that end in .${extension} are not taken`);
  }
  errors.throwIfAny();
  return name;
}
