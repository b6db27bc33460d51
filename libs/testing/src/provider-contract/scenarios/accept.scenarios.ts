import { expect, it } from '@jest/globals';
import { obstaclesOf, sizesOf, type EmailProvider, type MessageProfile, type OutboundBatch } from '@gateway/core';
import { aBatch, type BatchText } from '../batches.js';
import { anySignal, type Suite } from '../contract.js';

/** The properties of a batch's message that acceptance checks. */
const profileOf = (batch: OutboundBatch, fileName?: string): MessageProfile => ({
  category: batch.category,
  delivery: batch.delivery,
  content: batch.content,
  variables: batch.variables,
  overridden: new Set(),
  senderNameBytes: Buffer.byteLength(batch.from.name ?? ''),
  senderAddress: batch.from.address,
  headers: batch.headers,
  ...(batch.providerTemplateId !== undefined && {
    providerTemplate: true,
    providerTemplateId: batch.providerTemplateId,
  }),
  ...(fileName !== undefined && { attachments: sizesOf([{ name: fileName, size: 1 }]) }),
  bodyBytes: 1,
});

interface Case {
  readonly pointer: string;
  readonly batch: BatchText;
  readonly fileName?: string;
}

/** One message for each refusal that the account declares. */
function casesOf({ capabilities: { rules, features, forbiddenHeaders, limits } }: EmailProvider): readonly Case[] {
  const { excludedSenderDomains, envelopeFromHeader, fileNames, templateIds } = rules;
  const badId = templateIds?.form === 'number' ? 'welcome' : (templateIds?.excludedCharacters.charAt(0) ?? '');
  const badHeaders = [
    ...forbiddenHeaders.slice(0, 1).map((name) => [name, 'x']),
    ...(features.customHeaders ? [['x-long', 'x'.repeat(limits.headerValueBytes + 1)]] : []),
  ];
  return [
    ...badHeaders.map(([name = '', value = '']) => ({
      pointer: `/headers/${name}`,
      batch: { headers: { [name]: value } },
    })),
    ...excludedSenderDomains.map((domain) => ({ pointer: '/from', batch: { from: { address: `shop@${domain}` } } })),
    ...(envelopeFromHeader === undefined ? [] : ['b@elsewhere.example.org', 'nobody']).map((value) => ({
      pointer: `/headers/${envelopeFromHeader}`,
      batch: { headers: { [envelopeFromHeader ?? '']: value } },
    })),
    ...[...(fileNames?.excludedCharacters ?? '')].map((character) => ({
      pointer: '/attachments/0',
      batch: {},
      fileName: `a${character}b.pdf`,
    })),
    ...sharedCases(rules),
    ...(badId === '' ? [] : [{ pointer: '/template/providerTemplateId', batch: { providerTemplateId: badId } }]),
  ];
}

const sharedCases = ({ sharedAdvertisements }: EmailProvider['capabilities']['rules']): readonly Case[] =>
  sharedAdvertisements === false
    ? [{ pointer: '/delivery', batch: { category: 'marketing', delivery: 'shared' } }]
    : [];

export function acceptScenarios({ contract, adapter }: Suite): void {
  const { vendor } = contract;

  it('is known before anything is posted, for every refusal that the account declares', async () => {
    const provider = adapter();
    for (const { batch: text, pointer, fileName } of casesOf(provider)) {
      const batch = aBatch(text);
      const pointers = obstaclesOf(profileOf(batch, fileName), provider).map((obstacle) => obstacle.pointer);
      expect({ text, fileName, pointers }).toEqual({ text, fileName, pointers: [pointer] });
    }
    if (contract.attachments === false) return;
    expect(obstaclesOf(profileOf(aBatch(), '견적서 (2026).pdf'), provider)).toEqual([]);
  });

  it('is what the vendor would have said, to the message alone', async () => {
    const provider = adapter();
    for (const { batch: text, fileName } of casesOf(provider)) {
      const outcome =
        fileName === undefined
          ? await provider.send(aBatch(text), anySignal())
          : await provider.attachments?.upload(fileNamed(fileName), anySignal());
      expect({ text, fileName, ...outcome }).toMatchObject({ text, outcome: 'refused' });
      if (outcome?.outcome === 'refused') expect(['batch', 'message']).toContain(outcome.scope);
    }
    expect(await vendor.mails()).toEqual([]);
  });
}

function fileNamed(name: string) {
  async function* content(): AsyncGenerator<Buffer> {
    yield Buffer.from('x');
  }
  return { name, size: 1, contentType: 'application/pdf', content: content() };
}
