import { encodeId } from '@gateway/core';
import { Database, ErasePersonRepository, type OtherAnswer, PersonTracesRepository } from '@gateway/database';
import { withoutAddresses } from '@gateway/delivery';
import { Injectable } from '@nestjs/common';
import type { PersonLine } from './person-line.js';

const ANSWERS_AT_ONCE = 200;

/** Stored first answers to requests with an `Idempotency-Key`, of one client, that are about a person. */
@Injectable()
export class StoredAnswers {
  constructor(
    private readonly database: Database,
    private readonly traces: PersonTracesRepository,
    private readonly person: ErasePersonRepository,
  ) {}

  ofMessage(clientId: string, messageId: string): AsyncGenerator<PersonLine> {
    return this.at(clientId, `/v1/messages/${encodeId('message', messageId)}`);
  }

  /** Those that do not name the address, because it was added later; the others are found by it. */
  async *ofContact(clientId: string, contactId: string, address: string): AsyncGenerator<PersonLine> {
    const names = mentionOf(address);
    for await (const line of this.at(clientId, `/v1/contacts/${encodeId('contact', contactId)}`)) {
      if (!names(JSON.stringify(line.data))) yield line;
    }
  }

  /** Those that no message leads to, such as reports of imports: only the parts that name the address. */
  async *ofOthers(clientId: string, address: string): AsyncGenerator<PersonLine> {
    const names = mentionOf(address);
    let after: OtherAnswer | undefined;
    do {
      const { pool } = this.database;
      const answers: readonly OtherAnswer[] = await this.person.readAnswers(pool, after, { clientId }, ANSWERS_AT_ONCE);
      for (const { key, response } of answers) {
        const body = names(response.toString('utf8')) ? bodyOf(response) : undefined;
        if (body !== undefined) yield { type: 'storedAnswer', data: { key, answer: onlyWith(body, names) } };
      }
      after = answers.length < ANSWERS_AT_ONCE ? undefined : answers.at(-1);
    } while (after !== undefined);
  }

  private async *at(clientId: string, location: string): AsyncGenerator<PersonLine> {
    for (const { key, response, createdAt } of await this.traces.findAnswers(clientId, location)) {
      const answer = bodyOf(response);
      if (answer !== undefined) {
        yield { type: 'storedAnswer', data: { key, createdAt: createdAt.toISOString(), answer } };
      }
    }
  }
}

function mentionOf(address: string): (text: string) => boolean {
  const wanted = new Set([address.toLowerCase()]);
  return (text) => text.includes('@') && withoutAddresses(text, wanted) !== text;
}

/** @returns nothing where the answer is sealed: it has a secret. */
function bodyOf(response: Buffer): unknown {
  const text = response.toString('utf8');
  if (!Buffer.from(text).equals(response)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Without the entries of lists that are about others. */
function onlyWith(value: unknown, names: (text: string) => boolean): unknown {
  if (Array.isArray(value)) {
    return value.filter((entry) => names(JSON.stringify(entry))).map((entry) => onlyWith(entry, names));
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, onlyWith(member, names)]));
}
