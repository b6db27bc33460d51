import { Inject, Injectable } from '@nestjs/common';
import {
  encodeId,
  parseTexts,
  sizesOf,
  withheldOf,
  type EmailProvider,
  type MessageSpec,
  type StoredRoute,
} from '@gateway/core';
import {
  ContentLockedError,
  Database,
  type MessageContentRow,
  OutboundRepository,
  type Queryable,
  RouteShadowRepository,
  type ShadowCursors,
  type ShadowedMessage,
  type ShadowExample,
  type ShadowRow,
  type ShadowTurn,
} from '@gateway/database';
import { LOGGER, newUuid, Turns, type Logger } from '@gateway/platform';
import { MessageAttachments } from '../attachments/message-attachments.js';
import { markerFor, outboundBatch } from '../shared/outbound-batch.js';
import { ProviderDirectory } from '../shared/provider-directory.js';
import { compareAccounts, type Difference } from './compare-accounts.js';
import { RoutesInForce } from './routes-in-force.js';

/** Messages that one sweep compares for each account of a route. */
const AT_ONCE = 25;
/** A longer backlog is cut to what a few sweeps compare: the rest is not looked at. */
const LONGEST_BACKLOG = 1000;
const LEFT_OF_IT = 200;
/** Recipients of a message that are put into the requests that are compared. */
const RECIPIENTS = 100;
const MOST_EXAMPLES = 20;
const EXAMPLES_OF_A_KIND = 5;
const NOT_UPLOADED = { fileId: '<uploaded when sent>' };

/**
 * Builds for messages of a route what its shadow account would be sent, and keeps what differs. Nothing is sent, and
 * nothing waits for it: messages are compared after they were accepted, some of them where they are too many.
 */
@Injectable()
export class ShadowRoutesService {
  constructor(
    private readonly database: Database,
    private readonly shadows: RouteShadowRepository,
    private readonly outbound: OutboundRepository,
    private readonly attachments: MessageAttachments,
    private readonly inForce: RoutesInForce,
    private readonly providers: ProviderDirectory,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** The findings of the present shadow of a route. @returns nothing for an unknown route. */
  async read(routeId: string): Promise<ShadowRow | undefined> {
    const { routes } = await this.inForce.current();
    const found = routes.find(({ route }) => route.id === routeId)?.route;
    if (found === undefined) return undefined;
    const row = found.shadow === undefined ? undefined : await this.shadows.find(routeId, found.shadow);
    return row ?? { compared: 0, different: 0, examples: [] };
  }

  async sweep(): Promise<void> {
    const { routes } = await this.inForce.current();
    for (const { route } of routes) {
      const shadow = route.shadow === undefined ? undefined : this.providers.find(route.shadow);
      if (shadow !== undefined) await this.look(route, shadow);
    }
  }

  private async look(route: StoredRoute, shadow: EmailProvider): Promise<void> {
    const key = { routeId: route.id, account: shadow.name };
    // Most looks find nothing new, and take no turn.
    const before = startOf(route, await this.shadows.findCursors(key));
    if ((await this.shadows.findNext({ routeId: route.id, cursors: before }, 1)).length === 0) return;
    await this.database.transaction(async (tx) => {
      const turn = await this.shadows.take(tx, key);
      if (turn === undefined) return;
      const cursors = await this.shortened(tx, route, startOf(route, turn.cursors));
      const messages = await this.shadows.findNext({ routeId: route.id, cursors }, AT_ONCE, tx);
      const found = await this.compareAll(tx, messages, shadow);
      await this.shadows.add(tx, key, {
        ...found,
        ...kept(turn, found.examples),
        cursors: advanced(cursors, messages),
      });
    });
  }

  private async shortened(tx: Queryable, { id }: StoredRoute, cursors: ShadowCursors): Promise<ShadowCursors> {
    const limits = { most: LONGEST_BACKLOG, left: LEFT_OF_IT };
    return { ...cursors, ...(await this.shadows.findLater(tx, { routeId: id, cursors }, limits)) };
  }

  private async compareAll(tx: Queryable, messages: readonly ShadowedMessage[], shadow: EmailProvider) {
    const ids = messages.map(({ id }) => id);
    const contents = await this.outbound.findContents(ids, tx);
    const recipients = await this.shadows.findRecipients(tx, ids, RECIPIENTS);
    const examples: ShadowExample[] = [];
    let [compared, different] = [0, 0];
    const turns = new Turns();
    for (const [i, message] of messages.entries()) {
      await turns.rest();
      const content = contents[i];
      if (content === undefined || content instanceof ContentLockedError) continue;
      const differences = await this.compare(tx, { message, content, shadow, recipients });
      if (differences === undefined) continue;
      compared += 1;
      if (differences.length > 0) different += 1;
      examples.push(...differences.map((one) => ({ messageId: message.id, ...one })));
    }
    return { compared, different, examples };
  }

  private mayQuote({ category }: MessageContentRow): boolean {
    return withheldOf(category) === null && !this.database.contents.protects(category);
  }

  /** @returns nothing where there is nothing to compare any more. */
  private async compare(
    tx: Queryable,
    { message, content, shadow, recipients: all }: Compared,
  ): Promise<readonly Difference[] | undefined> {
    const sent = this.providers.find(message.provider);
    const recipients = all.get(message.id) ?? [];
    // An audience has no recipients yet, an erased message no texts, and a list is at its account only.
    if (sent === undefined || recipients.length === 0 || content.providerTemplateId !== null) return undefined;
    try {
      const files = await this.attachments.sizes(content.clientId, content.attachmentIds, tx).catch(() => sizesOf([]));
      const marker = markerFor(newUuid(), 1, content.fromAddress);
      const outbound = {
        ...outboundBatch({ id: newUuid() }, marker, content, recipients),
        attachments: content.attachmentIds.map(() => NOT_UPLOADED),
      };
      const { recipientCount } = message;
      const compared = { spec: specOf(content), outbound, files, recipients, recipientCount };
      const differences = compareAccounts(compared, sent, shadow);
      return this.mayQuote(content) ? differences : differences.map(withoutTexts);
    } catch (error) {
      this.log.warn({ err: error, messageId: message.id }, 'a message could not be compared with its shadow');
      return undefined;
    }
  }
}

/** In the place of a text that is not shown, or is encrypted in the database. */
const NOT_QUOTED = { sent: 'not shown', shadow: 'not shown' } as const;
const QUOTING: ReadonlySet<string> = new Set(['/subject', '/html', '/text']);

const withoutTexts = (difference: Difference): Difference =>
  QUOTING.has(difference.pointer) ? { ...difference, ...NOT_QUOTED } : difference;

interface Compared {
  readonly message: ShadowedMessage;
  readonly content: MessageContentRow;
  readonly shadow: EmailProvider;
  readonly recipients: Awaited<ReturnType<RouteShadowRepository['findRecipients']>>;
}

/** For each account of the route the message after which to go on; in the beginning, when the shadow was set. */
function startOf({ use, shadowSince = '' }: StoredRoute, cursors: ShadowCursors): ShadowCursors {
  const first = firstIdAt(new Date(shadowSince));
  return Object.fromEntries(use.map(({ account }) => [account, cursors[account] ?? first]));
}

/** The lowest UUIDv7 of a time. */
function firstIdAt(at: Date): string {
  const hex = at.getTime().toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
}

/** The newest ones, of each kind some. */
function kept(turn: ShadowTurn, found: readonly ShadowExample[]): Pick<ShadowTurn, 'examples'> {
  const counts = new Map<string, number>();
  const examples = [...found.toReversed(), ...turn.examples].filter(({ pointer }) => {
    const count = (counts.get(pointer) ?? 0) + 1;
    counts.set(pointer, count);
    return count <= EXAMPLES_OF_A_KIND;
  });
  return { examples: examples.slice(0, MOST_EXAMPLES) };
}

function advanced(cursors: ShadowCursors, messages: readonly ShadowedMessage[]): ShadowCursors {
  return { ...cursors, ...Object.fromEntries(messages.map(({ provider, id }) => [provider, id])) };
}

export const presentExample = ({ messageId, ...difference }: ShadowExample): ShadowExample => ({
  messageId: encodeId('message', messageId),
  ...difference,
});

/** A stored message as it was asked for, as far as accounts differ. */
function specOf(row: MessageContentRow): MessageSpec {
  const { subject, html, text, category } = row;
  const content = { subject, ...(html !== null && { html }), ...(text !== null && { text }) };
  return {
    category,
    delivery: row.delivery,
    from: { address: row.fromAddress, ...(row.fromName !== null && { name: row.fromName }) },
    content,
    parsed: parseTexts(content, category),
    variables: row.variables,
    headers: row.headers,
    attachments: row.attachmentIds,
    provider: row.requestedProvider,
    metadata: {},
    tags: [],
    onQuota: row.onQuota,
    dedupe: false,
    allowSplit: row.allowSplit,
    hold: false,
  };
}
