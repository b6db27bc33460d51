import { GatewayProblem, decodeId, type IdKind } from '@gateway/core';

/** Reads an id of a path. A malformed id counts as unknown. @throws GatewayProblem `not_found` */
export function pathId(kind: IdKind, id: string): string {
  const uuid = decodeId(kind, id);
  if (uuid === undefined) throw notFound(kind);
  return uuid;
}

const NAMES: Partial<Record<IdKind, string>> = {
  apiKey: 'API key',
  templateCategory: 'category',
  webhookEndpoint: 'webhook endpoint',
  webhookDelivery: 'delivery',
};

export const notFound = (kind: IdKind): GatewayProblem =>
  new GatewayProblem('not_found', `There is no ${NAMES[kind] ?? kind} with this id.`);
