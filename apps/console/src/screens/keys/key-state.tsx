import type { ApiKey } from '@gateway/client';
import type { ReactNode } from 'react';
import { Status } from '../../shared/status';
import { useNow } from '../../shared/time';

export function KeyState({ apiKey }: { readonly apiKey: ApiKey }): ReactNode {
  const at = useNow();
  const { revokedAt, expiresAt } = apiKey;
  if (revokedAt !== null) return <Status status="revoked" tone="aside" />;
  if (expiresAt !== null && Date.parse(expiresAt) <= at) return <Status status="expired" tone="aside" />;
  return <Status status="valid" tone="good" />;
}
