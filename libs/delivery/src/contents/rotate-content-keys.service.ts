import { ContentKeyRepository, FIRST_ROW, type KeyUse } from '@gateway/database';
import { LOGGER, STOPPING, type Logger } from '@gateway/platform';
import { Inject, Injectable } from '@nestjs/common';

/** Rows of one statement: it takes some milliseconds. */
const PAGE = 500;
/** Rows that one sweep looks at, so that other sweeps and mail have their turn. */
const MOST_ROWS = 5000;

/**
 * Replaces older CONTENT_KEYS: the key of each message and file that an older one encrypts is encrypted with the first
 * one. Any number of workers may do so at once, and each may stop at any moment.
 */
@Injectable()
export class RotateContentKeysService {
  /** Where the last sweep stopped; rows that cannot be read are not looked at again and again. */
  private readonly places = new Map<string, string>();

  constructor(
    private readonly keys: ContentKeyRepository,
    @Inject(LOGGER) private readonly log: Logger,
    @Inject(STOPPING) private readonly stopping: AbortSignal,
  ) {}

  async execute(): Promise<void> {
    let left = MOST_ROWS;
    // Not counted: one row of a key is enough to begin.
    for (const use of await this.keys.findUses(1)) {
      if (use.state === 'older') left -= await this.rotate(use, left);
    }
  }

  /** @returns the number of rows that were looked at. */
  private async rotate(use: KeyUse, most: number): Promise<number> {
    const place = `${use.owner}:${use.keyId}`;
    let [looked, resealed, locked] = [0, 0, 0];
    while (looked < most && !this.stopping.aborted) {
      const page = await this.keys.reseal(use, this.places.get(place) ?? FIRST_ROW, PAGE);
      resealed += page.resealed;
      locked += page.locked;
      looked += PAGE;
      if (page.last === undefined) {
        this.places.delete(place);
        break;
      }
      this.places.set(place, page.last);
    }
    const { owner, keyId } = use;
    if (resealed > 0) this.log.info({ owner, keyId, rows: resealed }, 'contents no longer need an older key');
    if (locked > 0) this.log.error({ owner, keyId, rows: locked }, 'an older key does not decrypt what names it');
    return looked;
  }
}
