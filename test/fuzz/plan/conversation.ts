import fc from 'fast-check';
import type { Delivery } from '../connection.js';
import type { Document, DocumentedCall } from '../document.js';
import type { Framing, KeyKind, Wire } from '../wire.js';
import { bodyFor } from './bodies.js';
import { mediaType, oddHeaders, otherMethod, version, wrongAuthorization } from './heads.js';
import { targetFor } from './targets.js';

/** Some requests on one connection. */
export interface Conversation {
  readonly wires: readonly Wire[];
  readonly delivery: Delivery;
}

/** The keys to ask with. */
export interface Keys {
  readonly own: string;
  readonly others: readonly string[];
  readonly scoped: readonly string[];
}

/** While it is paused, login codes wait; only the other account may be paused. */
const NEVER_PAUSED = /pause/;

const framing: fc.Arbitrary<Framing> = fc.oneof(
  { weight: 30, arbitrary: fc.constant('length' as const) },
  { weight: 3, arbitrary: fc.constant('chunked' as const) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('too short' as const, 'too long' as const, 'both' as const, 'broken chunks' as const),
  },
);

function keyWith(keys: Keys): fc.Arbitrary<{ readonly key: KeyKind; readonly authorization: string | undefined }> {
  const bearer = (key: KeyKind, text: string) => ({ key, authorization: `Bearer ${text}` });
  return fc.oneof(
    { weight: 10, arbitrary: fc.constant(bearer('own', keys.own)) },
    { weight: 3, arbitrary: fc.constantFrom(...keys.others).map((text) => bearer('other', text)) },
    { weight: 3, arbitrary: fc.constantFrom(...keys.scoped).map((text) => bearer('scoped', text)) },
    { weight: 1, arbitrary: fc.constant({ key: 'none' as const, authorization: undefined }) },
    { weight: 1, arbitrary: wrongAuthorization.map((text) => ({ key: 'wrong' as const, authorization: text })) },
  );
}

function wireFor(call: DocumentedCall, document: Document, keys: Keys): fc.Arbitrary<Wire> {
  return fc
    .record({
      target: targetFor(call),
      body: bodyFor(call, document.schemas),
      method: otherMethod,
      type: mediaType,
      odd: oddHeaders,
      version,
      framing,
      caller: keyWith(keys),
    })
    .map(({ target, body, method, type, odd, version: spoken, framing: declared, caller }): Wire => {
      const contentType = type ?? body.mediaType;
      const empty = body.bytes.length === 0;
      return {
        method: method ?? call.method,
        target: NEVER_PAUSED.test(target.text) ? target.text.replaceAll('ncp', 'nhn') : target.text,
        version: spoken,
        headers: [
          ['Host', 'gateway'],
          ...(caller.authorization === undefined ? [] : [['Authorization', caller.authorization] as const]),
          ...(contentType === undefined ? [] : [['Content-Type', contentType] as const]),
          ...odd,
        ],
        body: body.bytes,
        framing: empty && declared !== 'chunked' ? 'none' : declared,
        key: caller.key,
        call: method === undefined && target.own ? call : undefined,
      };
    });
}

const leaves = fc.oneof(
  { weight: 9, arbitrary: fc.constant(undefined) },
  {
    weight: 1,
    arbitrary: fc.record({
      at: fc.constantFrom(0.05, 0.5, 0.9, 1, 1),
      how: fc.constantFrom('reset' as const, 'fin' as const),
      afterMs: fc.constantFrom(0, 1, 3, 10, 60),
    }),
  },
);

const delivery: fc.Arbitrary<Delivery> = fc.record({
  pipelined: fc.constantFrom(false, false, false, true),
  pace: fc.oneof(
    { weight: 40, arbitrary: fc.constant('whole' as const) },
    { weight: 4, arbitrary: fc.constant('pieces' as const) },
    { weight: 1, arbitrary: fc.constant('slow' as const) },
  ),
  leaves,
  peer: fc.integer({ min: 1, max: 200 }),
});

/** There is more to get wrong in a body than in a path, and most in a message. */
function weightOf({ bodies, path, method }: DocumentedCall): number {
  if (method === 'POST' && /^\/v1\/messages(?:\/preview|\/batch)?$/.test(path)) return 12;
  return bodies.length > 0 ? 4 : 2;
}

/** Everything that a caller may do to the documented calls. */
export function conversations(document: Document, keys: Keys): fc.Arbitrary<Conversation> {
  const wire = fc.oneof(
    ...document.calls.map((call) => ({ weight: weightOf(call), arbitrary: wireFor(call, document, keys) })),
  );
  const wires = fc.oneof(
    { weight: 3, arbitrary: fc.array(wire, { minLength: 1, maxLength: 1 }) },
    { weight: 1, arbitrary: fc.array(wire, { minLength: 2, maxLength: 4 }) },
  );
  return fc.record({ wires, delivery });
}
