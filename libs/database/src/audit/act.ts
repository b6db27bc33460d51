import { AsyncLocalStorage } from 'node:async_hooks';

/** The key that acts for its client. Absent: a process of the gateway by itself. */
export interface Actor {
  readonly keyId: string;
  readonly clientId: string;
  readonly client: string;
}

/** One act, as the audit log shows it. Values are masked when they are written. */
export interface AuditRecord {
  /** `<what>.<verb>`, such as `template.update`. */
  readonly action: string;
  /** A public id (`tpl_…`), the name of an account, or an address. */
  readonly target?: string | undefined;
  readonly before?: Readonly<Record<string, unknown>> | undefined;
  readonly after?: Readonly<Record<string, unknown>> | undefined;
  /** Acts by itself, whichever process it runs in. */
  readonly process?: 'retention' | undefined;
}

/** A change that a request asks for. It is written once, at the end of the first transaction that changes anything. */
export interface Act extends AuditRecord {
  readonly actor: Actor;
  readonly requestId: string;
  /** Known late for what the act makes. */
  target?: string | undefined;
  after?: Readonly<Record<string, unknown>> | undefined;
  /** Members of the answer that `after` has. */
  readonly members?: readonly string[] | undefined;
  /** It is written, or the code of the act writes it by itself. */
  state: 'pending' | 'recorded' | 'written';
}

const acts = new AsyncLocalStorage<Act>();

/** Runs what a request asks for. */
export const withAct = <T>(act: Act, work: () => T): T => acts.run(act, work);

/** Runs what a request happens to cause and did not ask for: a transaction of it gets no entry. */
export const withoutAct = <T>(work: () => T): T => acts.exit(work);

export const currentAct = (): Act | undefined => acts.getStore();

/**
 * Tells the act of this request what it made, from the answer that it will get: the id in `location`, and members of
 * the body that the route lists.
 */
export function completeAct(answer: {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}): void {
  const act = currentAct();
  if (act === undefined || act.state !== 'pending') return;
  act.target ??= answer.headers['location']?.split('/').at(-1);
  // A sealed answer says nothing.
  if (act.members === undefined || !answer.body.startsWith('{')) return;
  const body = JSON.parse(answer.body) as Readonly<Record<string, unknown>>;
  act.after = Object.fromEntries(act.members.filter((name) => name in body).map((name) => [name, body[name]]));
}
