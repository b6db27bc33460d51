/** Types to narrow the stream to, groups first. Newer gateways have more; a type in the address is kept as it is. */
export const EVENT_TYPES: readonly string[] = [
  'message.*',
  'batch.*',
  'recipient.*',
  'webhook_endpoint.*',
  ...['accepted', 'held', 'released', 'scheduled', 'cancelled', 'completed'].map((name) => `message.${name}`),
  ...['dispatched', 'accepted', 'refused', 'deferred', 'unconfirmed', 'adopted', 'resent'].map(
    (name) => `batch.${name}`,
  ),
  ...['delivered', 'sent', 'bounced', 'failed', 'rejected', 'suppressed', 'unsubscribed', 'cancelled', 'expired'].map(
    (name) => `recipient.${name}`,
  ),
  'recipient.opened',
  'provider.unknown_status',
  'webhook_endpoint.failing',
  'webhook_endpoint.recovered',
  'webhook_endpoint.paused',
  'webhook_endpoint.resumed',
  'route.halted',
];

/** Types that an operator looks for when something is wrong. */
export const TROUBLE: readonly string[] = [
  'batch.refused',
  'batch.unconfirmed',
  'recipient.bounced',
  'recipient.failed',
  'recipient.rejected',
  'recipient.expired',
  'provider.unknown_status',
  'webhook_endpoint.failing',
  'webhook_endpoint.paused',
];

export const typesOf = (text: string | undefined): readonly string[] =>
  (text ?? '').split(',').filter((type) => type !== '');
