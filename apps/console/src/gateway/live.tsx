import type { GatewayEvent } from '@gateway/client';
import { createContext, useContext, useEffect, useRef, useState, type ReactNode } from 'react';
import { gateway } from './gateway';
import { useMay, useSession } from './use-session';

export type LiveState = 'connecting' | 'live' | 'away';

type Listener = (event: GatewayEvent) => void;

interface Live {
  readonly state: LiveState;
  readonly listen: (listener: Listener) => () => void;
}

const LiveContext = createContext<Live>({ state: 'away', listen: () => () => undefined });

/** Time after a lost stream. The client resumes by itself; this is for a refusal, such as too many open streams. */
const AGAIN_MS = 10_000;

/** One event stream for the whole page, however many screens listen. */
export function LiveProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const [state, setState] = useState<LiveState>('connecting');
  const listeners = useRef(new Set<Listener>());
  const allowed = useMay()('messages:read');
  // A stream belongs to one client.
  const client = useSession()?.client;
  useEffect(() => {
    if (!allowed) return;
    const end = new AbortController();
    void follow(end.signal, listeners.current, setState);
    return () => end.abort();
  }, [allowed, client]);
  const [listen] = useState(() => (listener: Listener) => {
    listeners.current.add(listener);
    return () => void listeners.current.delete(listener);
  });
  return <LiveContext value={{ state: allowed ? state : 'away', listen }}>{children}</LiveContext>;
}

async function follow(
  signal: AbortSignal,
  listeners: ReadonlySet<Listener>,
  setState: (state: LiveState) => void,
): Promise<void> {
  while (!signal.aborted) {
    try {
      const events = gateway.events.follow({
        signal,
        onOpen: () => setState('live'),
        onReconnect: () => setState('away'),
      });
      for await (const event of events) listeners.forEach((listener) => listener(event));
    } catch {
      if (signal.aborted) return;
    }
    setState('away');
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
  }
}

export const useLiveState = (): LiveState => useContext(LiveContext).state;

/** Calls back with each event as it happens. */
export function useLiveEvents(listener: Listener): void {
  const { listen } = useContext(LiveContext);
  const latest = useRef(listener);
  useEffect(() => {
    latest.current = listener;
  });
  useEffect(() => listen((event) => latest.current(event)), [listen]);
}

/** Runs after events, at most once per `everyMs`: a campaign of a million must not ask a million times. */
export function useAfterEvents(work: () => void, everyMs = 2000): void {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const latest = useRef(work);
  useEffect(() => {
    latest.current = work;
  });
  useEffect(() => () => clearTimeout(timer.current), []);
  useLiveEvents(() => {
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      latest.current();
    }, everyMs);
  });
}
