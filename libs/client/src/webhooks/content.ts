/** The body exactly as it was received. */
export type RawBody = string | Uint8Array | ArrayBuffer;

/** What is signed (Standard Webhooks 1.0). */
export function signedContent(id: string, timestamp: string | number, body: RawBody): Uint8Array<ArrayBuffer> {
  const head = new TextEncoder().encode(`${id}.${timestamp}.`);
  const bytes = bytesOf(body);
  const content = new Uint8Array(head.length + bytes.length);
  content.set(head);
  content.set(bytes, head.length);
  return content;
}

function bytesOf(body: RawBody): Uint8Array {
  if (typeof body === 'string') return new TextEncoder().encode(body);
  if (body instanceof Uint8Array) return body;
  // Another realm has an ArrayBuffer of its own.
  if (Object.prototype.toString.call(body) === '[object ArrayBuffer]') return new Uint8Array(body);
  throw new TypeError('the body must be the text or bytes that were received, before any parsing');
}

export const textOf = (body: RawBody): string =>
  typeof body === 'string' ? body : new TextDecoder().decode(bytesOf(body));
