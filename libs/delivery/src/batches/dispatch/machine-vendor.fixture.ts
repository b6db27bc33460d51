import { ProviderUnavailableError, type EmailProvider, type FindQuery } from '@gateway/core';
import type { Post } from './machine-rules.fixture.js';

/** A provider: the posts that it received, what it did with them, and its answers to look-ups. */
export class MachineVendor {
  readonly posts: Post[] = [];
  away = false;

  account(name: string): EmailProvider {
    const find = async (query: FindQuery) => {
      if (this.away) throw new ProviderUnavailableError('away');
      for (const { marker, fate } of this.posts) {
        if (fate !== 'taken' || !query.markers.includes(marker) || (await query.isAdopted(marker))) continue;
        return { requestId: marker, operation: 'send' };
      }
      return undefined;
    };
    return { name, find } as unknown as EmailProvider;
  }

  /** It decides about a post that is under way. */
  decide(nth: number, fate: 'taken' | 'refused' | 'lost'): void {
    const open = this.posts.filter((post) => post.fate === 'undecided');
    const post = open[nth % Math.max(1, open.length)];
    if (post !== undefined) post.fate = fate;
  }

  /** How many mails the recipient at this position has. */
  mailsAt(at: number): number {
    return this.posts.filter(
      ({ fate, batch }) => fate === 'taken' && batch.positionFrom <= at && at <= batch.positionTo,
    ).length;
  }
}
