import { randomBytes } from 'node:crypto';

type Json = Readonly<Record<string, unknown>>;

/** Different in each run and each call: for senders, keys and tags that a test has to itself. */
export const unique = (word: string): string => `${word}${randomBytes(6).toString('hex')}`;

/** A sender address that no other test uses, so that the simulator's record of it is the test's own. */
export const aSender = (): string => `${unique('sender-')}@shop.example.com`;

/** Builds the body of `POST /v1/messages`. The defaults are a valid message; a test mentions only what matters to it. */
export class MessageBuilder {
  private readonly fields: Json;

  constructor(fields: Json) {
    this.fields = fields;
  }

  /** Any fields, as they go over the wire; `undefined` takes one away. */
  with(fields: Json): MessageBuilder {
    return new MessageBuilder({ ...this.fields, ...fields });
  }

  from(address: string): MessageBuilder {
    return this.with({ from: address });
  }

  to(...addresses: readonly string[]): MessageBuilder {
    return this.with({ recipients: undefined, to: addresses });
  }

  toRecipients(...recipients: readonly Json[]): MessageBuilder {
    return this.with({ to: undefined, recipients });
  }

  /** As many recipients as wanted: `r.0@example.com`, `r.1@example.com`, … */
  toMany(count: number, word = 'r'): MessageBuilder {
    return this.toRecipients(...Array.from({ length: count }, (_, n) => ({ address: `${word}.${n}@example.com` })));
  }

  through(provider: string): MessageBuilder {
    return this.with({ provider });
  }

  saying(subject: string, html: string): MessageBuilder {
    return this.with({ subject, html, text: undefined });
  }

  marketing(): MessageBuilder {
    return this.with({ category: 'marketing' });
  }

  authentication(): MessageBuilder {
    return this.with({ category: 'authentication' });
  }

  withFiles(...files: readonly { readonly id: string }[]): MessageBuilder {
    return this.with({ attachments: files.map(({ id }) => id) });
  }

  shared(): MessageBuilder {
    return this.with({ delivery: 'shared' });
  }

  dueIn(ms: number): MessageBuilder {
    return this.with({ sendAt: new Date(Date.now() + ms).toISOString() });
  }

  build(): Json {
    return this.fields;
  }
}

export const aMessage = (): MessageBuilder =>
  new MessageBuilder({ from: aSender(), to: 'kim@example.com', subject: 'Hello', html: '<p>Hello</p>' });
