import { createServer, request as ask, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What it does to an answer of the gateway. */
export type Mischief = 'lose' | 'cut';

interface Page {
  readonly data: readonly { readonly type: string }[];
  readonly nextCursor: string | null;
}

/**
 * A proxy before a gateway, which can lose answers. It also has the stream of events where the gateway has none yet:
 * then it reads the feed.
 */
export class Front {
  private readonly server: Server;
  private readonly target: string;
  private readonly planned: { readonly call: RegExp; readonly mischief: Mischief }[] = [];

  private constructor(target: string) {
    this.target = target;
    this.server = createServer((request, response) => this.pass(request, response));
  }

  static async start(target: string): Promise<Front> {
    const front = new Front(target);
    await new Promise<void>((done) => front.server.listen(0, '127.0.0.1', done));
    return front;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Once, to the answer of the next call that fits (`POST /v1/messages`). */
  plan(call: RegExp, mischief: Mischief): void {
    this.planned.push({ call, mischief });
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }

  private pass(request: IncomingMessage, response: ServerResponse): void {
    const { method = '', url = '', headers } = request;
    const index = this.planned.findIndex(({ call }) => call.test(`${method} ${url}`));
    const [plan] = index < 0 ? [] : this.planned.splice(index, 1);
    const onward = ask(`${this.target}${url}`, { method, headers, agent: false }, (answer) => {
      if (url.startsWith('/v1/events/stream') && answer.statusCode === 404) {
        answer.resume();
        void this.stream(request, response);
        return;
      }
      if (plan?.mischief === 'lose') {
        // Only when the gateway has done it.
        answer.resume().once('end', () => response.destroy());
        return;
      }
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      if (plan?.mischief === 'cut')
        answer.once('data', (part: Buffer) => void response.write(part.subarray(0, 10), () => response.destroy()));
      else answer.pipe(response);
    });
    onward.once('error', () => response.destroy());
    request.pipe(onward);
  }

  /** The feed, as Server-Sent Events. */
  private async stream(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let cursor = String(request.headers['last-event-id'] ?? '');
    while (!response.destroyed) {
      const page = await this.page(cursor, request.headers.authorization ?? '');
      if (typeof page === 'number') {
        // After an event the status is sent already.
        if (response.headersSent) response.destroy();
        else response.writeHead(page).end();
        return;
      }
      if (!response.headersSent) response.writeHead(200, { 'content-type': 'text/event-stream' }).write(': ping\n\n');
      for (const event of page.data) {
        response.write(`id: ${page.nextCursor}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
      }
      cursor = page.nextCursor ?? cursor;
      if (page.data.length === 0) await new Promise((done) => setTimeout(done, 200));
    }
  }

  /** The feed has cursors of pages only, so a page is one event. @returns the status instead, if it is no success */
  private async page(cursor: string, authorization: string): Promise<Page | number> {
    const query = new URLSearchParams({ limit: '1', ...(cursor !== '' && { cursor }) });
    const answer = await fetch(`${this.target}/v1/events?${query.toString()}`, { headers: { authorization } });
    return answer.ok ? ((await answer.json()) as Page) : answer.status;
  }
}
