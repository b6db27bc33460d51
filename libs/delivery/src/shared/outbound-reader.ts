import { Injectable } from '@nestjs/common';
import type { Recipient } from '@gateway/core';
import {
  ContentLockedError,
  FEW_FOLLOWERS,
  type MessageContentRow,
  OutboundRepository,
  type PositionRange,
} from '@gateway/database';
import { Coalescer } from './coalescer.js';

const READS = { atOnce: 2, most: 50 };

/** Reads what a batch sends: its message's content, and the recipients still waiting. Small reads are combined. */
@Injectable()
export class OutboundReader {
  private readonly contents: Coalescer<string, MessageContentRow | ContentLockedError | undefined>;
  private readonly followers: Coalescer<PositionRange, readonly Recipient[] | ContentLockedError>;

  constructor(private readonly outbound: OutboundRepository) {
    this.contents = new Coalescer((ids) => outbound.findContents(ids), READS);
    this.followers = new Coalescer((ranges) => outbound.findFewFollowers(ranges), READS);
  }

  /** The content that every batch of a message carries. @throws ContentLockedError */
  async findContent(messageId: string): Promise<MessageContentRow | undefined> {
    return unlocked(await this.contents.run(messageId));
  }

  /**
   * The recipients of a batch that still follow it, in order. At most as many as one provider request takes.
   * @throws ContentLockedError
   */
  async findFollowers({ messageId, positionFrom, positionTo }: PositionRange): Promise<readonly Recipient[]> {
    const range = { messageId, positionFrom, positionTo };
    return positionTo - positionFrom < FEW_FOLLOWERS
      ? unlocked(await this.followers.run(range))
      : this.outbound.findManyFollowers(range);
  }

  findFirstFollower(range: PositionRange): Promise<Recipient | undefined> {
    return this.outbound.findFirstFollower(range);
  }
}

/** Of messages that are read together, each is locked or not by itself. */
function unlocked<T>(found: T | ContentLockedError): T {
  if (found instanceof ContentLockedError) throw found;
  return found;
}
