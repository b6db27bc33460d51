import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';

export interface ReceivedEvent {
  readonly id: string;
  readonly at: string;
  readonly type: string;
  readonly messageId?: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface Received {
  readonly webhookId: string;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
  readonly events: readonly ReceivedEvent[];
  readonly at: number;
  /** The status of the answer. */
  status: number;
}

type Answer = number | ((response: ServerResponse) => void);

/** A server that gets webhooks and remembers them. */
export class WebhookReceiver {
  readonly received: Received[] = [];
  /** The answer to each request. */
  answer: (request: Received) => Answer = () => 204;
  private readonly server: Server;

  private constructor() {
    this.server = createServer((request, response) => void this.take(request, response));
  }

  static async start(): Promise<WebhookReceiver> {
    const receiver = new WebhookReceiver();
    await new Promise<void>((resolve) => receiver.server.listen(0, '127.0.0.1', resolve));
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/hook`;
  }

  /** Requests that were answered with success. */
  get taken(): readonly Received[] {
    return this.received.filter(({ status }) => status >= 200 && status < 300);
  }

  /** Ids of all events in requests that were answered with success, once for each time. */
  get eventIds(): readonly string[] {
    return this.taken.flatMap(({ events }) => events.map(({ id }) => id));
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer);
    } catch {
      return;
    }
    const text = Buffer.concat(chunks).toString();
    const { type, data } = JSON.parse(text) as { type: string; data: ReceivedEvent & { events: ReceivedEvent[] } };
    const received: Received = {
      webhookId: String(request.headers['webhook-id']),
      headers: request.headers,
      text,
      events: type === 'events.batch' ? data.events : [data],
      at: Date.now(),
      status: 0,
    };
    this.received.push(received);
    const answer = this.answer(received);
    if (typeof answer === 'function') return answer(response);
    received.status = answer;
    response.writeHead(answer).end();
  }
}

/** @throws Error when the signature is not right */
export const verify = (secret: string, { text, headers }: Received): unknown =>
  new Webhook(secret).verify(text, headers as Record<string, string>);
