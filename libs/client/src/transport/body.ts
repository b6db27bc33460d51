/** Of one attempt: stands still while the caller's own source is asked. */
export interface Watch {
  pause(): void;
  restart(): void;
}

/** What `fetch` sends. (The name of the type differs between the platforms.) */
export type Sendable = string | ArrayBuffer | Blob | ReadableStream<Uint8Array>;

/** A request's body. */
export interface Body {
  readonly contentType: string;
  /** Can it be sent once more? */
  readonly repeatable: () => boolean;
  /** For one attempt. */
  readonly open: (watch: Watch) => Sendable | Promise<Sendable>;
  /** Ends the attempt's use of it. @throws what the caller's own source threw */
  readonly close: () => void;
}

export const fixedBody = (content: Sendable, contentType: string): Body => ({
  contentType,
  repeatable: () => true,
  open: () => content,
  close: () => undefined,
});

export const jsonBody = (value: unknown): Body => fixedBody(JSON.stringify(value), 'application/json');

/** One file as multipart. Bytes are made once, so that a retry is the same request. */
export async function fileBody(name: string, file: Blob): Promise<Body> {
  const form = new FormData();
  form.append('file', file, name);
  const whole = new Response(form);
  return fixedBody(await whole.arrayBuffer(), whole.headers.get('content-type') ?? '');
}
