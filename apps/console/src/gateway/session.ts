import type { ApiKey } from '@gateway/client';
import { noteServerTime } from './clock';

export type Scope = ApiKey['scopes'][number];

/** All scopes of the API, in the order in which they are offered: the types fail where one is missing. */
const known: Readonly<Record<Scope, true>> = {
  'messages:write': true,
  'messages:read': true,
  templates: true,
  audience: true,
  suppressions: true,
  'suppressions:write': true,
  statistics: true,
  providers: true,
  'providers:write': true,
  webhooks: true,
  admin: true,
};
export const scopes = Object.keys(known) as readonly Scope[];

export interface Session {
  readonly keyId: string;
  readonly client: string;
  readonly scopes: readonly string[];
  readonly idleUntil: string;
  /** Those that the session may look at. */
  readonly clients: readonly string[];
}

const PATH = '/dashboard/session';

export interface SignInProblem {
  readonly status: number;
  readonly detail: string;
}

/** @returns null when no one is signed in. */
export async function readSession(): Promise<Session | null> {
  const response = await fetch(PATH, { headers: { accept: 'application/json' } });
  noteServerTime(response.headers);
  if (response.status === 401) return null;
  if (!response.ok) throw new Error(`${PATH} answered ${response.status}`);
  return (await response.json()) as Session;
}

/** @throws SignInProblem */
export async function signIn(key: string): Promise<Session> {
  const response = await fetch(PATH, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify({ key }),
  });
  if (response.ok) return (await response.json()) as Session;
  const { detail = response.statusText } = (await response.json().catch(() => ({}))) as { detail?: string };
  throw { status: response.status, detail } satisfies SignInProblem;
}

/** Looks at another client. @throws SignInProblem */
export async function lookAt(client: string): Promise<Session> {
  const response = await fetch(PATH, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify({ client }),
  });
  if (response.ok) return (await response.json()) as Session;
  const { detail = response.statusText } = (await response.json().catch(() => ({}))) as { detail?: string };
  throw { status: response.status, detail } satisfies SignInProblem;
}

export async function signOut(): Promise<void> {
  await fetch(PATH, { method: 'DELETE' });
}

export const may = (session: Session, scope: Scope): boolean => session.scopes.includes(scope);
