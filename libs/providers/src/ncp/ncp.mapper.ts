import { requestWriter } from '../naver/mail-request.js';

const MAX_REFERENCES = 100;

/** A marker in the form of `referencesHeader`: `<unique_id@domain.com>`, at most 100 characters (ncp.md §3.1). */
export function referencesOf(marker: string): string {
  const whole = `<${marker}>`;
  if (whole.length <= MAX_REFERENCES) return whole;
  return `<${marker.slice(0, marker.indexOf('@'))}@marker.invalid>`.slice(-MAX_REFERENCES);
}

/** The body of `POST /mails`. */
export const mailRequest = requestWriter({
  types: { to: 'R', cc: 'C', bcc: 'B' },
  templateNumber: 'templateSid',
  basicUnsubscribe: 'useBasicUnsubscribeMsg',
  groupFilter: ({ lists, match }) => ({ andFilter: match === 'all', groups: lists }),
  others: ({ marker }) => ({ referencesHeader: referencesOf(marker) }),
});
