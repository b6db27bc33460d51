import {
  domainOf,
  encodeId,
  planRoute,
  seedOf,
  type ChosenRoute,
  type CompiledRoutes,
  type MessageSpec,
  type RouteFacts,
  type RoutePlan,
} from '@gateway/core';

/** The facts that a draw depends on, besides the route. */
export interface DrawFacts {
  readonly clientId: string;
  /** The message's, or any new one for a message that is not stored. */
  readonly id: string;
  /** The Idempotency-Key: a preview with it shows the same draw. */
  readonly key?: string | undefined;
  /** That of an earlier draw, made again. */
  readonly seed?: string | undefined;
  /** Absent: its recipients are not known yet. */
  readonly firstAddress?: string | undefined;
}

type Routed = Pick<MessageSpec, 'category' | 'from' | 'tags' | 'template' | 'provider'>;

/**
 * The plan for a message whose account the gateway chooses. @returns nothing where the caller named the account: that is
 * the caller's choice, and no route's.
 */
export function planMessage(
  routes: CompiledRoutes,
  spec: Routed,
  { order, draw }: { readonly order: readonly string[]; readonly draw: DrawFacts },
): RoutePlan | undefined {
  if (spec.provider !== 'auto') return undefined;
  return planRoute(routes, factsOf(spec, draw.clientId), { order, seeds: (sticky) => seedFor(sticky, draw) });
}

const factsOf = ({ category, from, tags, template }: Routed, client: string): RouteFacts => ({
  client,
  category,
  fromDomain: domainOf(from.address).toLowerCase(),
  tags,
  template: template?.kind === 'own' ? template.id : undefined,
});

/**
 * A message goes to one account as a whole, so a message to several domains goes by its first recipient's. An audience
 * has no recipients yet, and goes by itself.
 */
function seedFor(sticky: ChosenRoute['sticky'], { clientId, id, key, seed, firstAddress }: DrawFacts): string {
  if (sticky === 'recipientDomain' && firstAddress !== undefined) return seedOf(domainOf(firstAddress).toLowerCase());
  if (seed !== undefined) return seed;
  return sticky === 'message' && key !== undefined ? seedOf(clientId, key) : seedOf(id);
}

/** The record that is kept with the message. */
export function chosenRoute({ route, name, version, seed }: RoutePlan): ChosenRoute {
  return {
    ...(route && { id: encodeId('route', route.id), sticky: route.sticky }),
    name,
    version,
    ...(seed !== undefined && { draw: seed }),
  };
}
