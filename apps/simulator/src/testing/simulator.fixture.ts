import { readConfig } from '../config.js';
import { sign } from '../http/apigw-signature.js';
import { ncpKeys } from '../vendors/ncp/keys.js';
import { sensKeys } from '../vendors/sens/keys.js';

import { buildServer } from '../server.js';
import type { Simulator } from '../state/simulator.js';

/** JSON with free access by name and position, as specs read answers. */
export interface Json extends Record<string, Json> {
  readonly [position: number]: Json;
}

export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly json: Json;
  readonly headers: Readonly<Record<string, unknown>>;
}

/** A simulator on a clock that only the spec moves. */
export interface Fixture {
  readonly simulator: Simulator;
  /** Calls without a socket; `body` may be a string to send broken JSON. */
  call(method: Method, url: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** Signs and calls NCP; `path` without the `/api/v1` prefix. */
  ncp(method: Method, path: string, body?: unknown): Promise<Answer>;
  /** Signs and calls SENS; `path` begins after the service, e.g. `/requests`. */
  sens(method: Method, path: string, body?: unknown): Promise<Answer>;
  /** Signs and posts files to NCP as multipart/form-data. */
  upload(path: string, parts: readonly UploadPart[]): Promise<Answer>;
  /** Calls NHN; `path` without version and app key. */
  nhn(method: Method, path: string, body?: unknown): Promise<Answer>;
  /** Listens on a free port and gives its origin. */
  listen(): Promise<string>;
  advance(ms: number): void;
  close(): Promise<void>;
}

/** A part of an upload; without `fileName` a plain field. */
export interface UploadPart {
  readonly name: string;
  readonly fileName?: string;
  readonly bytes: string | Buffer;
}

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

export const NHN_BASE = '/email/v1.5/appKeys/sandbox-nhn-app-key';

const START = Date.UTC(2026, 10, 20, 3, 0, 0);

/** The path of the sandbox's service, with its NRN escaped. */
export const SENS_SERVICE = `/mail/v2/services/${encodeURIComponent(sensKeys.serviceId)}`;

/** The three signature headers for a call at a time (epoch ms), with the keys of NCP unless others are given. */
export function signedHeaders(
  method: Method,
  pathAndQuery: string,
  at: number,
  { accessKey, secretKey }: Pick<typeof ncpKeys, 'accessKey' | 'secretKey'> = ncpKeys,
): Record<string, string> {
  const timestamp = String(at);
  return {
    'x-ncp-apigw-timestamp': timestamp,
    'x-ncp-iam-access-key': accessKey,
    'x-ncp-apigw-signature-v2': sign({ method, pathAndQuery, timestamp, accessKey }, secretKey),
  };
}

/** Starts a fresh simulator for one spec; call `close` afterwards. */
export async function aSimulator(): Promise<Fixture> {
  let now = START;
  const { app, simulator } = await buildServer(readConfig({}), () => now);
  const call: Fixture['call'] = async (method, url, body, headers = {}) => {
    const payload = body === undefined ? {} : { payload: payloadOf(body) };
    const type = body === undefined ? {} : { 'content-type': 'application/json;charset=UTF-8' };
    const reply = await app.inject({ method, url, headers: { ...type, ...headers }, ...payload });
    return { status: reply.statusCode, text: reply.payload, json: parsed(reply.payload), headers: reply.headers };
  };
  return {
    simulator,
    call,
    ncp: (method, path, body) => call(method, `/api/v1${path}`, body, signedHeaders(method, `/api/v1${path}`, now)),
    sens: (method, path, body) => {
      const url = `${SENS_SERVICE}${path}`;
      return call(method, url, body, signedHeaders(method, url, now, sensKeys));
    },
    upload: async (path, parts) => {
      const url = `/api/v1${path}`;
      const { body, contentType } = await multipart(parts);
      return call('POST', url, body, { ...signedHeaders('POST', url, now), 'content-type': contentType });
    },
    nhn: (method, path, body) => call(method, `${NHN_BASE}${path}`, body),
    listen: () => app.listen({ host: '127.0.0.1', port: 0 }),
    advance: (ms) => void (now += ms),
    close: () => app.close(),
  };
}

/** Written by the platform's own FormData, not by hand. */
async function multipart(parts: readonly UploadPart[]): Promise<{ body: Buffer; contentType: string }> {
  const form = new FormData();
  for (const { name, fileName, bytes } of parts) {
    if (fileName === undefined) form.append(name, bytes.toString());
    else form.append(name, new Blob([typeof bytes === 'string' ? bytes : new Uint8Array(bytes)]), fileName);
  }
  const encoded = new Response(form);
  return { body: Buffer.from(await encoded.arrayBuffer()), contentType: encoded.headers.get('content-type') ?? '' };
}

const payloadOf = (body: unknown): string | Buffer =>
  typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);

function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return {};
  }
}

/** A string of an answer; throws when it is something else. */
export function text(json: Json | undefined): string {
  const value: unknown = json;
  if (typeof value !== 'string') throw new Error(`not a string: ${JSON.stringify(value)}`);
  return value;
}

/** A valid createMailRequest body. */
export const ncpMail = (more: Record<string, unknown> = {}): Record<string, unknown> => ({
  senderAddress: 'no-reply@shop.example',
  title: 'Hello ${name}',
  body: '<p>Order ${no}</p>',
  recipients: [{ address: 'kim@example.org', type: 'R', parameters: { name: 'Kim', no: 'A-17' } }],
  ...more,
});

/** A valid body of SENS's create mail request. */
export const sensMail = (more: Record<string, unknown> = {}): Record<string, unknown> => ({
  senderAddress: 'no-reply@shop.example',
  title: 'Hello ${name}',
  body: '<p>Order ${no}</p>',
  recipients: [{ address: 'kim@example.org', type: 'TO', parameters: { name: 'Kim', no: 'A-17' } }],
  ...more,
});

/** A valid eachMail body to these addresses. */
export const nhnEachMail = (addresses: readonly string[], more: Record<string, unknown> = {}) => ({
  senderAddress: 'no-reply@shop.example',
  title: 'Hello',
  body: '<p>Order</p>',
  receiverList: addresses.map((receiveMailAddr) => ({ receiveMailAddr })),
  ...more,
});
