import { Injectable } from '@nestjs/common';
import { SuppressionRepository } from '@gateway/database';
import { Coalescer } from '../shared/coalescer.js';

/** Has the suppression list grown? Asked by every batch before it is posted, and answered for many together. */
@Injectable()
export class ListGrowth {
  private readonly asked: Coalescer<Date, boolean>;

  constructor(suppressions: SuppressionRepository) {
    this.asked = new Coalescer(
      async (times) => {
        const last = await suppressions.findLastGrowth();
        return times.map((time) => last !== undefined && last >= time);
      },
      { atOnce: 1, most: 1000 },
    );
  }

  /** If so, the recipients of a message of that age must be checked again. */
  hasGrownSince(time: Date): Promise<boolean> {
    return this.asked.run(time);
  }
}
