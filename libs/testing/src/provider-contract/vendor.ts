import type { RecipientType } from '@gateway/core';

/** A file as the vendor has it. */
export interface SeenFile {
  readonly name: string;
  readonly size: number;
  /** SHA-256 of its bytes, in hex. */
  readonly sha256: string;
}

/** A mail as one recipient gets it. */
export interface SeenMail {
  readonly requestId: string;
  readonly address: string;
  readonly name: string | null;
  readonly type: RecipientType;
  readonly subject: string;
  /** As its reader sees it. */
  readonly body: string;
  readonly files: readonly SeenFile[];
}

/** A request by which the vendor reports. */
export interface SeenPush {
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Faults of the next calls of an operation, in words of no vendor. */
export const misbehaviours = [
  /** The vendor reads the request and the connection breaks: not taken, and taken. */
  'drop',
  'accept_then_drop',
  /** It never answers. */
  'hang',
  'server_error',
  'accept_then_500',
  /** Answers of no meaning, with status 200. */
  'html',
  'half_json',
  'empty',
  /** Documented refusals. */
  'wrong_credentials',
  'too_fast',
] as const;

export type Misbehaviour = (typeof misbehaviours)[number];

export interface Trouble {
  readonly kind: Misbehaviour;
  readonly operation: 'send' | 'find' | 'poll' | 'upload';
  readonly retryAfterSeconds?: number;
}

/**
 * A look-alike of one vendor that a suite can listen to and trouble. The addresses that it gives decide what becomes of
 * their mail; every other address is delivered soon.
 */
export interface Vendor {
  /** Origin of the vendor's API, for the adapter's settings. */
  readonly origin: string;
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Forgets everything. */
  reset(): Promise<void>;
  /** Every mail that was taken, oldest first. */
  mails(): Promise<readonly SeenMail[]>;
  /** Every file that is there, oldest first. */
  files(): Promise<readonly SeenFile[]>;
  /** Removes all files: as expired, or as if they had never existed. */
  loseFiles(how: 'expire' | 'lose'): Promise<void>;
  /** The pushes that are due and were not asked for before, oldest first; of a vendor that pushes. */
  pushes(): Promise<readonly SeenPush[]>;
  /** Makes calls of the operation fail from now on, until `reset` or `untrouble`. */
  trouble(trouble: Trouble): Promise<void>;
  /** Ends all faults; the vendor's state is kept. */
  untrouble(): Promise<void>;
  /** Number of calls that have failed. */
  troubled(): Promise<number>;
}
