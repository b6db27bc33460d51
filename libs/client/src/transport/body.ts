/** The timer of one attempt, paused while the caller's source is asked. */
export interface Watch {
  pause(): void;
  restart(): void;
}

/** A body for `fetch`. Its type has different names in the DOM and in Node. */
export type Sendable = string | ArrayBuffer | Blob | ReadableStream<Uint8Array>;

/** A request's body. */
export interface Body {
  readonly contentType: string;
  /** Whether it can be sent again. */
  readonly repeatable: () => boolean;
  /** Starts it for one attempt. */
  readonly open: (watch: Watch) => Sendable | Promise<Sendable>;
  /** Ends its use by the attempt. @throws the error of the caller's source, unchanged */
  readonly close: () => void;
}

export const fixedBody = (content: Sendable, contentType: string): Body => ({
  contentType,
  repeatable: () => true,
  open: () => content,
  close: () => undefined,
});

export const jsonBody = (value: unknown): Body => fixedBody(JSON.stringify(value), 'application/json');

/** One file as multipart. It is encoded once, so that every attempt is the same request. */
export async function fileBody(name: string, file: Blob): Promise<Body> {
  const form = new FormData();
  form.append('file', file, name);
  const whole = new Response(form);
  return fixedBody(await whole.arrayBuffer(), whole.headers.get('content-type') ?? '');
}
