import { GatewayProblem } from '@gateway/core';
import {
  EventRepository,
  WebhookDeliveryRepository,
  WebhookEndpointRepository,
  type Queryable,
  type WebhookEndpointRow,
  type WebhookPlace,
  type WebhookSecret,
  type WebhookSettings,
} from '@gateway/database';
import { CLOCK, EgressError, EgressGuard, newUuid, type Clock } from '@gateway/platform';
import { Inject, Injectable } from '@nestjs/common';
import { EventLog, LOG_START } from '../events/event-log.js';
import { endpointEvent } from './endpoint-events.js';
import { typesOf } from './entry-filter.js';
import { validAt } from './signing/sign.js';
import { HeaderSeal } from './signing/header-seal.js';
import { WebhookKeys, type Signing } from './signing/keys.js';

const MOST_ENDPOINTS = 100;
/** Secrets besides the current one that count until their own end. */
const MOST_OLDER_SECRETS = 5;
/** Counting what waits ends here. */
const MOST_COUNTED = 1000;

export interface NewEndpoint extends WebhookSettings {
  readonly signing: Signing;
  readonly enabled: boolean;
  readonly place: WebhookPlace;
}

/** A secret to show once, or a public key. */
export type ShownKey = { readonly secret: string } | { readonly publicKey: string };

export interface Lag {
  readonly events: number;
  readonly seconds: number;
}

/** Makes and changes endpoints. */
@Injectable()
export class WebhookEndpointsService {
  constructor(
    private readonly endpoints: WebhookEndpointRepository,
    private readonly deliveries: WebhookDeliveryRepository,
    private readonly events: EventRepository,
    private readonly log: EventLog,
    private readonly keys: WebhookKeys,
    private readonly seal: HeaderSeal,
    private readonly guard: EgressGuard,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @throws GatewayProblem `webhooks_not_configured` */
  expectConfigured(): void {
    void this.keys.currentId;
  }

  /** @throws GatewayProblem `target_forbidden` */
  async expectAllowed(url: string): Promise<void> {
    try {
      await this.guard.check(new URL(url));
    } catch (error) {
      if (!(error instanceof EgressError)) throw error;
      throw new GatewayProblem('target_forbidden', `/url: ${error.message}`, {
        fieldErrors: [{ pointer: '/url', code: 'not_allowed', detail: error.message }],
      });
    }
  }

  async create(
    tx: Queryable,
    owner: { readonly clientId: string; readonly keyId: string },
    input: NewEndpoint,
  ): Promise<{ readonly row: WebhookEndpointRow; readonly key: ShownKey }> {
    if ((await this.endpoints.count(tx, owner.clientId)) >= MOST_ENDPOINTS) throw tooManyEndpoints();
    const secret = { version: 1, keyId: this.keys.currentId, validUntil: null };
    const id = newUuid();
    const row = await this.endpoints.insert(tx, {
      ...input,
      headers: this.seal.seal(id, input.headers),
      id,
      clientId: owner.clientId,
      createdBy: owner.keyId,
      secrets: [secret],
    });
    return { row, key: this.show(row, secret) };
  }

  /** The public key of an endpoint that is signed for by ed25519. */
  publicKey(endpoint: WebhookEndpointRow): string | undefined {
    const [current] = endpoint.secrets;
    if (endpoint.signing !== 'ed25519' || current === undefined || !this.keys.has(current.keyId)) return undefined;
    return this.keys.publicKey(endpoint.id, current);
  }

  /** `enabled` false pauses it. Headers with a hidden value keep what they have. @returns nothing when the client has no such endpoint */
  async update(
    tx: Queryable,
    { clientId, id }: { readonly clientId: string; readonly id: string },
    { enabled, ...settings }: Partial<WebhookSettings> & { readonly enabled?: boolean | undefined },
  ): Promise<WebhookEndpointRow | undefined> {
    const before = await this.endpoints.lock(tx, clientId, id);
    if (before === undefined) return undefined;
    const headers = settings.headers && this.seal.seal(id, settings.headers, before.headers);
    await this.endpoints.update(tx, id, { ...settings, ...(headers && { headers }) });
    if (enabled === false) await this.pause(tx, before);
    if (enabled === true) await this.resume(tx, before, undefined);
    return this.endpoints.lock(tx, clientId, id);
  }

  lock(tx: Queryable, clientId: string, id: string): Promise<WebhookEndpointRow | undefined> {
    return this.endpoints.lock(tx, clientId, id);
  }

  /** Its events wait from now on. Pausing it again has no effect. */
  async pause(tx: Queryable, endpoint: WebhookEndpointRow): Promise<void> {
    if (endpoint.pausedAt !== null) return;
    await this.endpoints.pause(tx, endpoint.id, 'caller');
    await this.events.insert(tx, [endpointEvent('webhook_endpoint.paused', endpoint, { reason: 'caller' })]);
  }

  /** @param from where to go on; waiting requests become `failed` then */
  async resume(tx: Queryable, endpoint: WebhookEndpointRow, from: WebhookPlace | undefined): Promise<void> {
    if (endpoint.pausedAt === null && from === undefined) return;
    await this.endpoints.resume(tx, endpoint.id, from);
    if (from === undefined) await this.deliveries.hasten(tx, endpoint.id);
    else await this.deliveries.giveUp(tx, endpoint.id);
    if (endpoint.pausedAt === null) return;
    await this.events.insert(tx, [endpointEvent('webhook_endpoint.resumed', endpoint)]);
  }

  /** @throws GatewayProblem when more secrets would count than may */
  async rotate(
    tx: Queryable,
    endpoint: WebhookEndpointRow,
    overlapMs: number,
  ): Promise<{ readonly key: ShownKey; readonly previousValidUntil: Date }> {
    const now = this.clock.now();
    const until = new Date(now.getTime() + overlapMs);
    const older = validAt(endpoint.secrets, now).map((secret) =>
      secret.validUntil === null ? { ...secret, validUntil: until.toISOString() } : secret,
    );
    const kept = validAt(older, now);
    if (kept.length > MOST_OLDER_SECRETS) throw tooManySecrets();
    const version = Math.max(0, ...endpoint.secrets.map((secret) => secret.version)) + 1;
    const secret: WebhookSecret = { version, keyId: this.keys.currentId, validUntil: null };
    await this.endpoints.setSecrets(tx, endpoint.id, [secret, ...kept]);
    return { key: this.show(endpoint, secret), previousValidUntil: until };
  }

  /** Where to read from: a cursor, a time, or from now on. */
  async placeFor(clientId: string, from: WebhookPlace | Date | undefined): Promise<WebhookPlace> {
    const end = await this.log.findEnd(clientId);
    if (from === undefined) return end;
    if (from instanceof Date) return (await this.endpoints.findPlaceAt(clientId, from)) ?? end;
    if (from.position < LOG_START.position) return LOG_START;
    // A cursor that the feed never returned would make the endpoint wait for a place that may never come.
    return from.position > end.position ? end : from;
  }

  /** How far an endpoint is behind: events that wait in the log (the first thousand) and in requests. */
  async lag(endpoint: WebhookEndpointRow): Promise<Lag> {
    const waiting = await this.deliveries.countWaiting(endpoint.id);
    const scope = { clientId: endpoint.clientId };
    const page = await this.log.read(scope, endpoint.place, MOST_COUNTED, typesOf(endpoint.events));
    const [first] = page.events;
    const seconds = first === undefined ? 0 : (this.clock.now().getTime() - first.event.at.getTime()) / 1000;
    return {
      events: waiting.events + page.events.length,
      seconds: Math.max(0, Math.round(Math.max(waiting.seconds, seconds))),
    };
  }

  private show(endpoint: Pick<WebhookEndpointRow, 'id' | 'signing'>, secret: WebhookSecret): ShownKey {
    return endpoint.signing === 'hmac'
      ? { secret: this.keys.secret(endpoint.id, secret) }
      : { publicKey: this.keys.publicKey(endpoint.id, secret) };
  }
}

const tooManyEndpoints = (): GatewayProblem => tooMany('', `a client has at most ${MOST_ENDPOINTS} webhook endpoints`);

const tooManySecrets = (): GatewayProblem =>
  tooMany(
    '/overlap',
    `${MOST_OLDER_SECRETS} older secrets are valid already; wait until one has ended, or rotate with PT0S`,
  );

const tooMany = (pointer: string, detail: string): GatewayProblem =>
  new GatewayProblem('validation_failed', `${pointer || '/'}: ${detail}`, {
    fieldErrors: [{ pointer, code: 'too_many', detail }],
  });
