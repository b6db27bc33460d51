import { expect, it } from '@jest/globals';
import {
  ProviderUnavailableError,
  type EmailProvider,
  type OutboundFile,
  type ProviderAttachments,
  type ProviderFile,
} from '@gateway/core';
import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';
import { aBatch } from '../batches.js';
import { anySignal, sendAccepted, thrownBy, type Suite } from '../contract.js';
import type { SeenFile } from '../vendor.js';

const PIECE = 262_144;

/** A file whose content arrives in pieces, as from the database. */
function aFile(name: string, bytes: Buffer): OutboundFile {
  async function* content(): AsyncGenerator<Buffer> {
    for (let at = 0; at < bytes.length; at += PIECE) yield bytes.subarray(at, at + PIECE);
  }
  return { name, size: bytes.length, contentType: 'application/pdf', content: content() };
}

const seen = (name: string, bytes: Buffer): SeenFile => ({
  name,
  size: bytes.length,
  sha256: createHash('sha256').update(bytes).digest('hex'),
});

function filesOf({ attachments }: EmailProvider): ProviderAttachments {
  if (attachments === undefined) throw new Error('the adapter has no part for attachments');
  return attachments;
}

async function upload(provider: EmailProvider, file = aFile('a.pdf', randomBytes(10))): Promise<ProviderFile> {
  const outcome = await filesOf(provider).upload(file, anySignal());
  if (outcome.outcome !== 'uploaded') throw new Error(`refused: ${JSON.stringify(outcome)}`);
  return outcome.file;
}

export function attachmentScenarios({ contract, adapter }: Suite): void {
  const { vendor } = contract;

  it.each([1, 2, 3, PIECE, PIECE + 1, 5_000_000])('uploads %i bytes as they are', async (size) => {
    const bytes = randomBytes(size);
    const { fileId } = await upload(adapter(), aFile('견적서 (2026).pdf', bytes));
    expect(fileId).not.toBe('');
    expect(await vendor.files()).toEqual([seen('견적서 (2026).pdf', bytes)]);
  });

  const kinds = [
    ['transactional', 'individual'],
    ['transactional', 'shared'],
    ['marketing', 'individual'],
    ['marketing', 'shared'],
  ] as const;
  const taken = kinds.filter(
    ([category, delivery]) =>
      contract.sharedAdvertisements !== false || category !== 'marketing' || delivery !== 'shared',
  );

  it.each(taken)('puts files into every mail, any number of times: %s, %s', async (category, delivery) => {
    const provider = adapter();
    const [a, b] = [randomBytes(10), randomBytes(20)];
    const attachments = [await upload(provider, aFile('a.pdf', a)), await upload(provider, aFile('b.pdf', b))];
    const recipients = [{ address: 'kim@example.com' }, { address: 'lee@example.com' }];
    for (let time = 0; time < 2; time += 1) {
      await sendAccepted(provider, aBatch({ category, delivery, recipients, attachments }));
    }
    const mails = await vendor.mails();
    expect(mails).toHaveLength(4);
    for (const { files } of mails) expect(files).toEqual([seen('a.pdf', a), seen('b.pdf', b)]);
  });

  it('shows them in the rendered request', async () => {
    const { body } = adapter().render(aBatch({ attachments: [{ fileId: '<uploaded when sent>' }] }));
    expect(JSON.stringify(body)).toContain('<uploaded when sent>');
    expect(JSON.stringify(adapter().render(aBatch()).body)).not.toContain('ttachFile');
  });

  it.each(['expire', 'lose'] as const)('says when a mail was refused because a file is gone: %s', async (how) => {
    const provider = adapter();
    const file = await upload(provider);
    await vendor.loseFiles(how);
    const outcome = await provider.send(aBatch({ attachments: [file] }), anySignal());
    expect(outcome).toMatchObject({ outcome: 'refused', files: expect.stringMatching(/^(gone|perhaps_gone)$/) });
    const isThere = filesOf(provider).isThere;
    const certain = outcome.outcome === 'refused' && outcome.files === 'gone';
    expect(certain || isThere !== undefined).toBe(true);
    if (isThere !== undefined) expect(await isThere(file, anySignal())).toBe(false);
    expect(await vendor.mails()).toEqual([]);
  });

  it('knows what is there, and what it has removed', async () => {
    const { isThere, remove } = filesOf(adapter());
    const file = await upload(adapter());
    if (isThere !== undefined) expect(await isThere(file, anySignal())).toBe(true);
    if (remove === undefined) return;
    await remove(file, anySignal());
    expect(await vendor.files()).toEqual([]);
    await remove(file, anySignal());
    if (isThere !== undefined) expect(await isThere(file, anySignal())).toBe(false);
  });

  it.each(['drop', 'server_error', 'html', 'half_json', 'empty', 'accept_then_500'] as const)(
    'has no verdict on a file, and gives none: %s',
    async (kind) => {
      const provider = adapter();
      const file = await upload(provider);
      await vendor.trouble({ kind, operation: 'upload' });
      const { isThere, remove } = filesOf(provider);
      const calls: ((() => Promise<unknown>) | undefined)[] = [
        () => upload(provider),
        isThere && (() => isThere(file, anySignal())),
      ];
      if (remove !== undefined && kind !== 'html' && kind !== 'half_json' && kind !== 'empty') {
        calls.push(() => remove(file, anySignal()));
      }
      for (const call of calls) {
        if (call === undefined) continue;
        const error = await thrownBy(call);
        expect(error).toBeInstanceOf(ProviderUnavailableError);
        for (const secret of contract.secrets) expect(inspect(error, { depth: 10 })).not.toContain(secret);
      }
    },
  );

  it('knows refusals of the account and of the moment', async () => {
    await vendor.trouble({ kind: 'wrong_credentials', operation: 'upload' });
    const refused = await filesOf(adapter()).upload(aFile('a.pdf', randomBytes(3)), anySignal());
    expect(refused).toMatchObject({ outcome: 'refused', scope: 'account', reason: 'auth_failed' });
    await vendor.reset();
    await vendor.trouble({ kind: 'too_fast', operation: 'upload', retryAfterSeconds: 7 });
    const throttled = await filesOf(adapter()).upload(aFile('a.pdf', randomBytes(3)), anySignal());
    expect(throttled).toMatchObject({ outcome: 'refused', scope: 'moment', reason: 'throttled', retryAfterMs: 7000 });
  });

  it('is refused or goes unanswered when its content breaks off; the next one works', async () => {
    const provider = adapter();
    async function* broken(): AsyncGenerator<Buffer> {
      yield randomBytes(PIECE);
      throw new Error('the database went away');
    }
    const file = { ...aFile('a.pdf', Buffer.alloc(0)), size: 3 * PIECE, content: broken() };
    expect(await thrownBy(() => filesOf(provider).upload(file, anySignal()))).toBeInstanceOf(ProviderUnavailableError);
    expect(await vendor.files()).toEqual([]);
    await upload(provider);
  });

  it('ends when it is called off', async () => {
    await vendor.trouble({ kind: 'hang', operation: 'upload' });
    const aborter = new AbortController();
    const uploaded = thrownBy(() => filesOf(adapter()).upload(aFile('a.pdf', randomBytes(3)), aborter.signal));
    while ((await vendor.troubled()) === 0) await sleep(10);
    aborter.abort();
    expect(await uploaded).toBeInstanceOf(ProviderUnavailableError);
  });
}
