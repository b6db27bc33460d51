import type { IncomingHttpHeaders } from 'node:http';
import type { Course } from '../outcomes/progress.js';
import type { StoredFile } from './file-store.js';
import type { Parameters } from './parameters.js';
import type { Provider } from './provider.js';
import type { RecipientTable } from './recipient-table.js';
import type { StoredBody } from './stored-body.js';

export type { Provider } from './provider.js';

/** Content that all recipients of a request share; kept once, rendered for a recipient only when it is read. */
export interface MailContent {
  readonly senderAddress: string;
  readonly senderName: string | null;
  readonly title: string;
  readonly body: string;
  readonly advertising: boolean;
  readonly parameters: Parameters;
  /** NCP referencesHeader or NHN senderGroupingKey. */
  readonly marker: string | null;
  readonly templateId: string | null;
  readonly templateName: string | null;
  /** The caller's and the template's, in this order. */
  readonly files: readonly StoredFile[];
  readonly customHeaders: Readonly<Record<string, string>>;
  /** NCP: text for the unsubscribe position of an ad mail. */
  readonly unsubscribeMessage: string | null;
  /** NHN: which substitution syntax. */
  readonly templateType: 'DEFAULT' | 'FREEMARKER';
}

/** A request that a vendor's send operation passes to the store. Times are epoch ms. */
export interface Acceptance {
  readonly provider: Provider;
  /** NCP: the path prefix (region); NHN: the app key. Reads see only their own scope. */
  readonly scope: string;
  readonly operation: string;
  readonly content: MailContent;
  readonly recipients: RecipientTable;
  /** How many recipients share one mail: 1, or more for mails where they see each other. */
  readonly mailSize: number;
  readonly course: Course;
  /** The reserved time, if the caller gave one. */
  readonly reservedAt: number | null;
  readonly requesterIp: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: StoredBody;
}

/** An accepted send request with its place in the record. */
export interface AcceptedRequest extends Acceptance {
  readonly index: number;
  readonly requestId: string;
  /** Number of its first mail over all requests; mail ids are made of it. */
  readonly firstMail: number;
  readonly mailCount: number;
  /** Vendor lists, status and detail do not show it before this moment (fault `lag`). */
  readonly visibleAt: number;
}

/** The recipients of one mail: positions `from` (inclusive) to `to` (exclusive). */
export const mailRange = (request: AcceptedRequest, mail: number): { from: number; to: number } => ({
  from: mail * request.mailSize,
  to: Math.min((mail + 1) * request.mailSize, request.recipients.count),
});
