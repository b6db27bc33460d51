import { maskAddresses, requestPath } from '@gateway/platform';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { rulesFor } from '../../http/route-rules.js';
import { clientOf } from '../access.js';
import { sessionToken } from '../session/session-cookie.js';
import { seal, unseal, type SealedAddress } from './sealed-address.js';

/** Senders are the company's own, and texts are shown as they are: the preview of a mail has them as well. */
const IN_FULL = /^(?:from|sender|html$|text$|subject$)/i;
/** Members whose address can be revealed. An object has one of them. */
const REVEALED = ['address', 'to', 'addresses'] as const;

const LOWEST_FAULT = 400;

/** Shows an answer as its caller may see it. */
export type Shown = <T>(answer: T) => T;

/**
 * Masks the addresses in every answer to the console, whichever call it is: a session shows none in clear until it is
 * revealed (`RevealController`), which the audit log has. Programs with a key of their own get answers as they are.
 */
export function installMaskedAnswers(fastify: FastifyInstance): void {
  fastify.addHook('preSerialization', (request, reply, payload, done) => {
    // A problem is about what the operator has typed.
    done(null, reply.statusCode < LOWEST_FAULT ? shownTo(request)(payload) : payload);
  });
}

/** For answers that are written piece by piece. */
export function shownTo(request: FastifyRequest): Shown {
  const token = clientOf(request) === undefined ? undefined : sessionToken(request);
  if (token === undefined || rulesFor(request).hasNoPeople === true) return (answer) => answer;
  const place = maskAddresses(requestPath(request.raw.url));
  const sealed = (address: string): string => seal({ address, place } satisfies SealedAddress, token);
  return (answer) => masked(answer, sealed) as typeof answer;
}

/** The address behind what a session was shown. @returns nothing for a key, or another text. */
export function unsealedFor(request: FastifyRequest, text: string): string | undefined {
  const token = sessionToken(request);
  return token === undefined ? undefined : unseal(text, token)?.address;
}

type Seal = (address: string) => string;

/** A caller's own names and values: masked, and not added to. */
const FREE = /^(?:metadata|variables|attributes|headers)$/;

/** @param sealed none: nothing below can be revealed. */
function masked(value: unknown, sealed: Seal | undefined): unknown {
  if (typeof value === 'string') return maskAddresses(value);
  if (Array.isArray(value)) return value.map((each) => masked(each, sealed));
  if (value === null || typeof value !== 'object' || value instanceof Date) return value;
  const members = Object.entries(value).map(([name, each]): [string, unknown] => [
    // Names in metadata may be addresses as well.
    maskAddresses(name),
    IN_FULL.test(name) ? each : masked(each, FREE.test(name) ? undefined : sealed),
  ]);
  return { ...Object.fromEntries(members), ...sealsOf(value as Readonly<Record<string, unknown>>, sealed) };
}

function sealsOf(
  value: Readonly<Record<string, unknown>>,
  sealed: Seal | undefined,
): { readonly sealed?: string | string[] } {
  const found = REVEALED.map((name) => value[name]).find(isAddress);
  if (found === undefined || sealed === undefined) return {};
  return { sealed: typeof found === 'string' ? sealed(found) : found.map(sealed) };
}

/** An address, or a list of them. */
function isAddress(value: unknown): value is string | string[] {
  const all: readonly unknown[] = Array.isArray(value) ? value : [value];
  return all.length > 0 && all.every((each) => typeof each === 'string' && each.lastIndexOf('@') > 0);
}
