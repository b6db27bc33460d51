import type { HttpClient, HttpRequest } from '@gateway/platform';

export interface Scripted extends HttpClient {
  /** Requests received, oldest first. */
  readonly requests: readonly HttpRequest[];
}

/** An HTTP client that answers from a function; for specs. A string is sent as it is, anything else as JSON with 200. */
export function scriptedHttp(answer: (path: string, request: HttpRequest) => unknown): Scripted {
  const requests: HttpRequest[] = [];
  return {
    requests,
    request: async (request) => {
      requests.push(request);
      const body = answer(request.path, request);
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      return { status: 200, headers: {}, body: Buffer.from(text) };
    },
    close: async () => {},
  };
}
