import { createServer, request as ask, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What it does to an answer of the gateway. */
export type Mischief = 'lose' | 'cut';

/** A proxy before a gateway, which can lose answers. */
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
