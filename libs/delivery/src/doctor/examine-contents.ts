import { ContentKeyRepository, MOST_COUNTED, type KeyUse } from '@gateway/database';
import { Injectable } from '@nestjs/common';
import type { Examination, Finding } from './finding.js';

/** Encrypted contents that need another key than the first of CONTENT_KEYS. */
@Injectable()
export class ExamineContents implements Examination {
  readonly check = 'contents';

  constructor(private readonly keys: ContentKeyRepository) {}

  async *examine(): AsyncGenerator<Finding> {
    for (const use of await this.keys.findUses()) {
      if (use.state !== 'current') yield this.finding(use);
    }
  }

  private finding({ owner, keyId, state, rows }: KeyUse): Finding {
    const number = rows < MOST_COUNTED ? String(rows) : `${MOST_COUNTED} or more`;
    const what = state === 'missing' ? 'content_key_missing' : 'older_content_key';
    const advice =
      state === 'missing'
        ? 'it is not in CONTENT_KEYS here: their contents cannot be read or sent'
        : 'keep it in CONTENT_KEYS until a worker has replaced it';
    return { check: this.check, what, detail: `${number} rows of ${owner} need the key "${keyId}": ${advice}` };
  }
}
