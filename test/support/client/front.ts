import { createServer, request as ask, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How an answer of the gateway is damaged: not passed on, or cut after ten bytes. */
export type Mischief = 'lose' | 'cut';

/** A proxy before a gateway, which can lose answers. It also serves files, so that a page has the same origin. */
export class Front {
  private readonly server: Server;
  private readonly target: string;
  private readonly files = new Map<string, string>();
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

  /** Serves a file. */
  serve(path: string, content: string): void {
    this.files.set(path, content);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }

  private pass(request: IncomingMessage, response: ServerResponse): void {
    const { method = '', url = '', headers } = request;
    const file = this.files.get(url);
    if (file !== undefined) {
      const type = url.endsWith('.js') ? 'text/javascript' : 'text/html';
      response.writeHead(200, { 'content-type': `${type}; charset=utf-8` }).end(file);
      return;
    }
    const index = this.planned.findIndex(({ call }) => call.test(`${method} ${url}`));
    const [plan] = index < 0 ? [] : this.planned.splice(index, 1);
    const onward = ask(`${this.target}${url}`, { method, headers, agent: false }, (answer) => {
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
    response.once('close', () => onward.destroy());
    request.pipe(onward);
  }
}
