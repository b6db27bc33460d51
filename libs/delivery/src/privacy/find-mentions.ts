import { encodeId } from '@gateway/core';
import { type ErasureRange, MentionsRepository, type MessageRange } from '@gateway/database';
import { Injectable } from '@nestjs/common';

/** Messages that a look reads at most: a worker's, and one that a caller waits for. */
export const MOST_LOOKED_AT = { erasing: 1_000_000, counting: 10_000 } as const;

const MOST_LISTED = 100;

/** A request for addresses in the texts of mail to others of the last days. */
export interface MentionRequest {
  readonly days: number;
}

/** The addresses in the texts and values of mail to others, which an erasure does not change. */
export interface Mentions extends MentionRequest {
  /** Messages that were looked at, the newest first. */
  readonly looked: number;
  /** All messages of these days were looked at, and into: no key of an encrypted one was missing. */
  readonly complete: boolean;
  readonly messages: number;
  /** The newest of them. */
  readonly messageIds: readonly string[];
}

@Injectable()
export class FindMentions {
  constructor(private readonly mentions: MentionsRepository) {}

  /** @param onPage called for each page: a lease can be kept. */
  async execute(
    { addresses, clientId, days }: { addresses: readonly string[]; clientId: ErasureRange; days: number },
    most: number,
    onPage: () => Promise<void> = async () => undefined,
  ): Promise<Mentions> {
    const found: string[] = [];
    let [looked, messages, locked] = [0, 0, 0];
    let rest: MessageRange | undefined = await this.mentions.rangeOf(days);
    while (rest !== undefined && looked < most) {
      const page = await this.mentions.look(addresses, clientId, rest);
      looked += page.looked;
      messages += page.messageIds.length;
      locked += page.locked;
      found.push(...page.messageIds.slice(0, MOST_LISTED - found.length));
      rest = page.rest;
      await onPage();
    }
    const messageIds = found.map((id) => encodeId('message', id));
    return { days, looked, complete: rest === undefined && locked === 0, messages, messageIds };
  }
}
