import { createContext, useContext, useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { now } from '../gateway/clock';

export const zones = ['Asia/Seoul', 'UTC'] as const;
export type Zone = (typeof zones)[number];

export const ZoneContext = createContext<Zone>('Asia/Seoul');

export const useZone = (): Zone => useContext(ZoneContext);

const formats = new Map<string, Intl.DateTimeFormat>();

/** `2026-11-30 14:05:09.123` in a zone. Sortable, the same in both languages, and exact. */
export function exactTime(instant: string | number, zone: Zone, digits: 0 | 3 = 0): string {
  const key = `${zone}${digits}`;
  const format =
    formats.get(key) ??
    new Intl.DateTimeFormat('sv-SE', {
      timeZone: zone,
      dateStyle: undefined,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      ...(digits === 3 && { fractionalSecondDigits: 3 }),
    });
  formats.set(key, format);
  return format.format(new Date(instant)).replace(',', '.');
}

const UNITS = [
  ['days', 86_400],
  ['hours', 3600],
  ['minutes', 60],
] as const;

export function inUnits(seconds: number): {
  readonly unit: 'days' | 'hours' | 'minutes' | 'seconds';
  readonly n: number;
} {
  const [unit, size] = UNITS.find(([, size]) => seconds >= size) ?? (['seconds', 1] as const);
  return { unit, n: Math.floor(seconds / size) };
}

const TICK_MS = 1000;

/** The gateway's time, which moves on every second. */
export function useNow(): number {
  const [at, setAt] = useState(now);
  useEffect(() => {
    const timer = setInterval(() => setAt(now()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  return at;
}

/** The gateway's clock is known to 1.5 s, and the page's moves on every second; "as of in 0 s" would be no time. */
const UNCERTAIN_S = 2.5;

/** "3 min ago", "in 2 h". */
export function useRelative(): (instant: string) => string {
  const { t } = useTranslation();
  const at = useNow();
  return (instant) => {
    const seconds = (at - Date.parse(instant)) / 1000;
    const isPast = seconds > -UNCERTAIN_S;
    const { unit, n } = inUnits(seconds < 0 && isPast ? 0 : Math.abs(seconds));
    return isPast ? t(`shared.ago.${unit}`, { n }) : t(`shared.in.${unit}`, { n });
  };
}

/** A length of time: "4 min". */
export function useSpan(): (seconds: number) => string {
  const { t } = useTranslation();
  return (seconds) => {
    const { unit, n } = inUnits(seconds);
    return t(`shared.span.${unit}`, { n });
  };
}

/** A dash for the eye, a word for those who hear the page. */
function Never(): ReactNode {
  const { t } = useTranslation();
  return (
    <span className="dim">
      <span aria-hidden="true">–</span>
      <span className="visually-hidden">{t('shared.none')}</span>
    </span>
  );
}

interface TimeProps {
  readonly at: string | null | undefined;
  /** With milliseconds. */
  readonly exact?: boolean;
}

/** The exact time in the operator's zone; the element carries the instant itself. */
export function Time({ at, exact = false }: TimeProps): ReactNode {
  const zone = useZone();
  if (!at) return <Never />;
  return (
    <time dateTime={at} title={`${at} (${zone})`} className="nowrap">
      {exactTime(at, zone, exact ? 3 : 0)}
    </time>
  );
}

/** How long ago, with the exact time at hand. */
export function Ago({ at }: { readonly at: string | null | undefined }): ReactNode {
  const zone = useZone();
  const relative = useRelative();
  if (!at) return <Never />;
  return (
    <time dateTime={at} title={`${exactTime(at, zone, 3)} ${zone}`} className="nowrap">
      {relative(at)}
    </time>
  );
}
