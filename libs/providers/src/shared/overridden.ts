import type { OutboundBatch } from '@gateway/core';

/**
 * Names of the variables that some recipient of the batch sets. A shared mail has one text for all, so there only the
 * message's own values count.
 */
export function overriddenNames({ delivery, recipients }: OutboundBatch): ReadonlySet<string> {
  const names = new Set<string>();
  if (delivery === 'shared') return names;
  for (const { variables } of recipients) {
    for (const name in variables) names.add(name);
  }
  return names;
}
