import { createServer, request as ask, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What it does to an answer of the gateway. */
export type Mischief = 'lose' | 'cut';

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
    const { authorization = '' } = request.headers;
    let cursor = request.headers['last-event-id'] ?? '';
    while (!response.destroyed) {
      const query = cursor === '' ? '' : `?cursor=${encodeURIComponent(String(cursor))}`;
      const answer = await fetch(`${this.target}/v1/events${query}`, { headers: { authorization } });
      if (!answer.ok) {
        // After an event the status is sent already.
        if (response.headersSent) response.destroy();
        else response.writeHead(answer.status).end(await answer.text());
        return;
      }
      if (!response.headersSent) response.writeHead(200, { 'content-type': 'text/event-stream' }).write(': ping\n\n');
      const page = (await answer.json()) as { data: readonly { type: string }[]; nextCursor: string | null };
      for (const [index, event] of page.data.entries()) {
        // The feed has cursors of pages only.
        const id = index === page.data.length - 1 ? `id: ${page.nextCursor}\n` : '';
        response.write(`${id}event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
      }
      cursor = page.nextCursor ?? cursor;
      await new Promise((done) => setTimeout(done, 200));
    }
  }
}
