import type { GatewayEvent } from '@gateway/client';
import { useEffect, useRef, useState } from 'react';
import { gateway } from '../../gateway/gateway';

/** Events that the page keeps; older ones are dropped, so that an open page does not grow. */
export const KEPT = 500;
/** Milliseconds between two drawings, however many events come. */
const DRAW_MS = 400;

export interface Tail {
  /** Newest first. */
  readonly events: readonly GatewayEvent[];
  readonly received: number;
  readonly state: 'connecting' | 'live' | 'away' | 'paused' | 'refused';
  readonly error: unknown;
}

interface Wanted {
  readonly types: string | undefined;
  readonly messageId: string | undefined;
  readonly paused: boolean;
  /** Changed to begin again after a refusal. */
  readonly attempt: number;
}

const NOTHING: Tail = { events: [], received: 0, state: 'connecting', error: undefined };

/** A stream of its own beside the page's, because it has filters. A pause closes it, and going on resumes at its cursor. */
export function useTail({ types, messageId, paused, attempt }: Wanted): Tail & { readonly clear: () => void } {
  const [tail, setTail] = useState(NOTHING);
  const cursor = useRef<string>(undefined);
  const filter = JSON.stringify([types, messageId]);
  const shown = useRef(filter);

  useEffect(() => {
    if (shown.current === filter) return;
    // Events that other filters left out are not caught up with, so another filter begins now.
    shown.current = filter;
    cursor.current = undefined;
    setTail(NOTHING);
  }, [filter]);

  useEffect(() => {
    if (paused) {
      setTail((before) => ({ ...before, state: 'paused' }));
      return;
    }
    const end = new AbortController();
    let fresh: GatewayEvent[] = [];
    let count = 0;
    const draw = (): void => {
      if (count === 0) return;
      const [newest, n] = [fresh.reverse(), count];
      [fresh, count] = [[], 0];
      setTail((before) => ({
        ...before,
        events: [...newest, ...before.events].slice(0, KEPT),
        received: before.received + n,
      }));
    };
    const timer = setInterval(draw, DRAW_MS);
    const set = (state: Tail['state'], error?: unknown): void => setTail((before) => ({ ...before, state, error }));
    const read = async (): Promise<void> => {
      const events = gateway.events.follow({
        signal: end.signal,
        cursor: cursor.current,
        ...(types !== undefined && { types: types.split(',') }),
        ...(messageId !== undefined && { messageId }),
        onCursor: (at) => void (cursor.current = at),
        onOpen: () => set('live'),
        onReconnect: ({ error }) => set('away', error),
      });
      for await (const event of events) {
        count += 1;
        fresh.push(event);
        if (fresh.length > KEPT) fresh.shift();
      }
    };
    set('connecting');
    read().catch((error: unknown) => end.signal.aborted || set('refused', error));
    return () => {
      end.abort();
      clearInterval(timer);
      draw();
    };
  }, [filter, paused, attempt, types, messageId]);

  const clear = (): void => setTail((before) => ({ ...before, events: [], received: 0 }));
  return { ...tail, clear };
}
