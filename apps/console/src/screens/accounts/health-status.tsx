import type { ReactNode } from 'react';
import { Status, type Tone } from '../../shared/status';
import type { Health } from './queries';

const TONES: Readonly<Record<string, Tone>> = {
  ok: 'good',
  failing: 'bad',
  paused: 'doubt',
  drained: 'aside',
  unknown: 'aside',
};

export function HealthStatus({ health }: { readonly health: Health }): ReactNode {
  const status = health.drained === true ? 'drained' : health.status;
  return <Status status={status} tone={TONES[status] ?? 'aside'} />;
}
