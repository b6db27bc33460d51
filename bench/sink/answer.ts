import type { ServerResponse } from 'node:http';

export interface Answer {
  readonly status: number;
  /** JSON, each character a byte. */
  readonly text: string;
}

export function write(response: ServerResponse, { status, text }: Answer): void {
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': text.length });
  response.end(text, 'latin1');
}
