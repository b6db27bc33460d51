import { useSyncExternalStore } from 'react';
import { GatewayProblem } from '@gateway/client';
import { onSessionEnd } from './gateway';

/** An address that the gateway has masked for this session. `sealed` opens it; none: it cannot be revealed. */
export interface Masked {
  readonly sealed?: string | readonly string[];
}

const PATH = '/dashboard/reveal';

/** Addresses in clear by their seals, until the page or the session ends. */
let revealed: ReadonlyMap<string, string> = new Map();
const listeners = new Set<() => void>();

function set(next: ReadonlyMap<string, string>): void {
  revealed = next;
  for (const listener of listeners) listener();
}

onSessionEnd(() => set(new Map()));

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => void listeners.delete(listener);
};

/** All that was revealed. */
export const useRevealed = (): ReadonlyMap<string, string> => useSyncExternalStore(subscribe, () => revealed);

export const revealedOf = (sealed: string): string | undefined => revealed.get(sealed);

/** The seals of rows, of which some have none. */
export const sealsOf = (rows: readonly object[]): readonly string[] =>
  rows.flatMap((row) => (row as Masked).sealed ?? []).flat();

async function problemOf(response: Response): Promise<GatewayProblem> {
  const fallback = { code: 'http_error', title: response.statusText, detail: response.statusText, retryable: false };
  const body = (await response.json().catch(() => ({}))) as Partial<GatewayProblem>;
  return new GatewayProblem({ ...fallback, ...body, status: response.status });
}

/** Asks for addresses in clear; the audit log has that. @throws GatewayProblem */
export async function reveal(seals: readonly string[]): Promise<void> {
  const wanted = seals.filter((sealed) => !revealed.has(sealed));
  if (wanted.length === 0) return;
  const response = await fetch(PATH, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify({ sealed: wanted }),
  });
  if (!response.ok) throw await problemOf(response);
  const { addresses } = (await response.json()) as { addresses: readonly string[] };
  set(new Map([...revealed, ...wanted.map((sealed, index) => [sealed, addresses[index] ?? ''] as const)]));
}
