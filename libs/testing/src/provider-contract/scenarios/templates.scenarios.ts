import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import {
  ProviderRefusedError,
  ProviderUnavailableError,
  type OutboundTemplate,
  type ProviderTemplates,
} from '@gateway/core';
import { aBatch } from '../batches.js';
import { anySignal, sendAccepted, settle, thrownBy, type Suite } from '../contract.js';

let number = 0;

const aTemplate = (fields: Partial<OutboundTemplate> = {}): OutboundTemplate => {
  number += 1;
  return {
    id: `tpl_${String(number).padStart(26, '0')}`,
    name: `template-${number}`,
    description: 'for tests',
    enabled: true,
    from: { address: 'no-reply@shop.example.com' },
    content: { subject: 'Hi {{name}}', html: '<b>{{{name}}}</b> ${x} ##y## #{z} {{{unsubscribe}}}' },
    fileIds: [],
    ...fields,
  };
};

/** The contract of a provider that keeps templates. */
export function templateScenarios({ contract, adapter }: Suite): void {
  const part = (): ProviderTemplates => {
    const { templates } = adapter();
    if (templates === undefined) throw new Error('the provider keeps no templates');
    return templates;
  };
  const make = (template: OutboundTemplate) => part().create(template, anySignal());
  const get = (id: string) => part().get(id, anySignal());
  const category = (name: string, parentId?: string) =>
    part().createCategory({ name, description: 'c', ...(parentId !== undefined && { parentId }) }, anySignal());

  it('keeps a template that says the same when it is read', async () => {
    const template = aTemplate();
    expect(part().obstaclesTo(template)).toEqual([]);
    const { id, fingerprint } = await make(template);
    const found = await get(id);
    expect(found).toMatchObject({
      id,
      fingerprint,
      name: template.name,
      description: 'for tests',
      enabled: true,
      from: template.from,
      subject: 'Hi {{name}}',
      faults: [],
    });
    const plain = found?.html.replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));
    expect(plain).toBe(template.content.html);
  });

  it('sends mail from it, each value under its own name and as it is', async () => {
    const { id } = await make(aTemplate());
    const recipients = [{ address: 'kim@example.com', variables: { name: '<i>' } }, { address: 'lee@example.com' }];
    const content = { subject: '', html: '' };
    await sendAccepted(adapter(), aBatch({ content, recipients, variables: { name: 'all' }, providerTemplateId: id }));
    await settle(contract);
    const mails = await contract.vendor.mails();
    expect(mails.map(({ subject }) => subject)).toEqual(['Hi <i>', 'Hi all']);
    expect(mails[0]?.body).toContain('<b><i></b>');
  });

  it('lets the mail’s own texts win', async () => {
    const { id } = await make(aTemplate());
    const content = { subject: 'Mine {{name}}', html: '' };
    await sendAccepted(adapter(), aBatch({ content, variables: { name: 'A&B' }, providerTemplateId: id }));
    await settle(contract);
    expect(await contract.vendor.mails()).toMatchObject([
      { subject: 'Mine A&B', body: expect.stringContaining('A&B') },
    ]);
  });

  it('changes it, and shows the change in the fingerprint', async () => {
    const template = aTemplate();
    const { id, fingerprint } = await make(template);
    const changed = { ...template, name: 'renamed', enabled: false, content: { subject: 'Bye', text: 'a < {{b}}' } };
    const standing = await part().update(id, changed, {}, anySignal());
    expect(standing.fingerprint).not.toBe(fingerprint);
    const found = { name: 'renamed', enabled: false, subject: 'Bye', html: 'a &lt; {{{b}}}' };
    expect(await get(standing.id)).toMatchObject({ ...found, fingerprint: standing.fingerprint });
  });

  it('removes it, once and again, and takes that back where it can', async () => {
    const { id } = await make(aTemplate());
    for (let time = 0; time < 2; time += 1) await part().remove(id, anySignal());
    expect((await get(id))?.enabled ?? false).toBe(false);
    const { restore } = part();
    if (restore === undefined) return;
    await restore(id, anySignal());
    expect(await get(id)).toMatchObject({ enabled: true });
  });

  it('finds one whose making was not answered', async () => {
    const template = aTemplate({ categoryId: await category('lost') });
    const { id } = await make(template);
    expect(await part().find(template, anySignal())).toBe(id);
    expect(await part().find(aTemplate(), anySignal())).toBeUndefined();
  });

  it('keeps a tree of categories', async () => {
    const parent = await category('parent');
    const child = await category('child', parent);
    const { id } = await make(aTemplate({ categoryId: child }));
    await part().renameCategory({ id: parent, name: 'renamed', description: null }, anySignal());
    const { categories, templates } = await part().list(anySignal());
    expect(categories.map((c) => [c.id, c.name, c.parentId])).toEqual([
      [parent, 'renamed', undefined],
      [child, 'child', parent],
    ]);
    expect(templates).toEqual([expect.objectContaining({ id, categoryId: child })]);
  });

  it('removes categories, once and again', async () => {
    const parent = await category('parent');
    const child = await category('child', parent);
    const stand = () => Promise.all([parent, child].map((id) => part().hasCategory(id, anySignal())));
    expect(await stand()).toEqual([true, true]);
    for (const gone of [child, child]) await part().removeCategory(gone, anySignal());
    expect(await stand()).toEqual([true, false]);
    await part().removeCategory(parent, anySignal());
    expect((await part().list(anySignal())).categories).toEqual([]);
  });

  it('tells a no from a silence', async () => {
    expect(await get('999999')).toBeUndefined();
    const nowhere = await thrownBy(() => make(aTemplate({ categoryId: '999999' })));
    expect(nowhere).toBeInstanceOf(ProviderRefusedError);
    const unknown = await thrownBy(() => part().update('999999', aTemplate(), {}, anySignal()));
    expect(unknown).toMatchObject({ name: 'ProviderRefusedError', notFound: true });
    const away = contract.create({ origin: 'http://127.0.0.1:9', timeoutMs: 1000 }).templates;
    expect(await thrownBy(async () => away?.list(anySignal()))).toBeInstanceOf(ProviderUnavailableError);
    for (const secret of contract.secrets) expect(JSON.stringify([nowhere, unknown])).not.toContain(secret);
  });

  it('backs up and brings back, where there is such a thing', async () => {
    const { archives } = part();
    if (archives === undefined) return;
    await make(aTemplate());
    const archive = await archives.request(anySignal());
    expect(await archives.stateOf('999999', anySignal())).toBe('gone');
    while ((await archives.stateOf(archive, anySignal())) === 'pending') await sleep(50);
    const bytes = await archives.read(archive, anySignal());
    await contract.vendor.reset();
    expect(await archives.put(bytes, anySignal())).toBe(1);
    expect((await part().list(anySignal())).templates.length).toBe(1);
  });
}
