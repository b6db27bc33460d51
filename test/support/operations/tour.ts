import type { ListTarget, OutboundFile, OutboundTemplate, ProviderAudience, ProviderTemplates } from '@gateway/core';
import { aBatch, anySignal, askingFor, findOf, pollOnce, sendAccepted, tracking } from '@gateway/testing';
import type { Recorder } from './recorder.js';

const signal = anySignal();
const file = (): OutboundFile => ({
  name: 'a.pdf',
  size: 3,
  contentType: 'application/pdf',
  content: (async function* () {
    yield Buffer.from('abc');
  })(),
});
const template: OutboundTemplate = {
  id: 'tpl_1',
  name: 'welcome',
  description: null,
  enabled: true,
  from: { address: 'no-reply@shop.example.com' },
  content: { subject: 'Hi {{name}}', html: '<b>{{name}}</b>' },
  fileIds: [],
};

/** Has an adapter do everything that it can, in every way in which it can. */
export async function tour(recorder: Recorder): Promise<void> {
  await tourMails(recorder);
  await tourFiles(recorder);
  await tourTemplates(recorder);
  await tourLists(recorder);
  await tourOptOuts(recorder);
  const { statistics, bounceBlock } = recorder.provider;
  if (bounceBlock) {
    await recorder.during('bounceBlock.hours', () => bounceBlock.hours(signal));
    await recorder.during('bounceBlock.setHours', () => bounceBlock.setHours(bounceBlock.leastHours, signal));
  }
  const query = {
    from: new Date(Date.now() - 3_600_000),
    to: new Date(Date.now() + 3_600_000),
    groupBy: 'date',
  } as const;
  if (statistics) await recorder.during('statistics.count', () => statistics.count(query, signal));
}

async function tourMails({ provider, during, pass, forbid }: Recorder): Promise<void> {
  const kinds = [
    ...(['transactional', 'marketing'] as const).flatMap((category) =>
      (['individual', 'shared'] as const).map((delivery) => ({ category, delivery })),
    ),
    { category: 'authentication', delivery: 'individual' } as const,
  ];
  const { sharedAdvertisements } = provider.capabilities.rules;
  for (const kind of kinds) {
    if (kind.category === 'marketing' && kind.delivery === 'shared' && sharedAdvertisements === false) continue;
    const batch = aBatch({ ...kind, recipients: [{ address: 'bounce+send_block@example.com' }] });
    const accepted = await during('send', () => sendAccepted(provider, batch));
    pass(10_000);
    await during('find', () => findOf(provider)(askingFor(batch), signal));
    await during('poll', () => pollOnce(provider, tracking(batch, accepted)));
  }
  forbid();
  await during('send', () => provider.send(aBatch(), signal).catch(() => undefined));
}

async function tourFiles({ provider: { attachments }, during }: Recorder): Promise<void> {
  if (attachments === undefined) return;
  const outcome = await during('attachments.upload', () => attachments.upload(file(), signal));
  if (outcome.outcome !== 'uploaded') throw new Error('the file was refused');
  await during('attachments.isThere', async () => attachments.isThere?.(outcome.file, signal));
  await during('attachments.remove', async () => attachments.remove?.(outcome.file, signal));
}

async function tourTemplates(recorder: Recorder): Promise<void> {
  const { during } = recorder;
  const { templates } = recorder.provider;
  if (templates === undefined) return;
  const made = { name: 'news', description: null };
  const categoryId = await during('templates.createCategory', () => templates.createCategory(made, signal));
  await during('templates.upload', async () => templates.upload?.(file(), signal));
  const { id } = await during('templates.create', () => templates.create(template, signal));
  await during('templates.find', () => templates.find(template, signal));
  await during('templates.update', () => templates.update(id, { ...template, categoryId }, {}, signal));
  await during('templates.list', () => templates.list(signal));
  await during('templates.get', () => templates.get(id, signal));
  await during('templates.remove', () => templates.remove(id, signal));
  await during('templates.restore', async () => templates.restore?.(id, signal));
  const empty = await templates.createCategory({ name: 'old', description: null }, signal);
  await during('templates.renameCategory', () => templates.renameCategory({ ...made, id: empty, name: 'x' }, signal));
  await during('templates.hasCategory', () => templates.hasCategory(empty, signal));
  await during('templates.removeCategory', () => templates.removeCategory(empty, signal));
  if (templates.archives !== undefined) await tourArchives(recorder, templates.archives);
}

async function tourArchives(
  { during, pass }: Recorder,
  archives: NonNullable<ProviderTemplates['archives']>,
): Promise<void> {
  const id = await during('templates.archives.request', () => archives.request(signal));
  pass(60_000);
  await during('templates.archives.stateOf', () => archives.stateOf(id, signal));
  await during('templates.archives.read', () => archives.read(id, signal));
  const nothing = Buffer.from('[]');
  await during('templates.archives.put', () => archives.put(nothing, signal).catch(() => undefined));
}

async function tourLists(recorder: Recorder): Promise<void> {
  const { provider, during, pass } = recorder;
  const { audience } = provider;
  if (audience === undefined) return;
  const id = await during('audience.create', () => audience.create('vip', signal));
  const [kim, lee] = ['kim@example.com', 'lee@example.com'];
  const [contact, elsewhere] = ['con_1', { lists: [], addresses: [] }];
  await during('audience.add', () => audience.add(id, [{ id: contact, addresses: [kim], known: false }], signal));
  await during('audience.add', () => audience.add(id, [{ id: contact, addresses: [lee], known: true }], signal));
  pass(10_000);
  await tourListMail(recorder, { lists: [id], match: 'any' });
  const stays = { id: contact, addresses: [lee], stays: true, elsewhere };
  await during('audience.remove', () => audience.remove(id, [stays], signal));
  const leaves = { id: contact, addresses: [kim], stays: false, elsewhere };
  await during('audience.remove', () => audience.remove(id, [leaves], signal));
  await tourEnds(recorder, audience, id);
}

/** A mail that others have sent, without a user, needs a closer look. */
async function tourListMail({ provider, during, pass, origin }: Recorder, list: ListTarget): Promise<void> {
  const batch = aBatch({ recipients: [], list });
  const accepted = await during('send', () => sendAccepted(provider, batch));
  const { path, body } = bare(provider.render(batch), origin);
  if (path.endsWith('/tagMail')) {
    await fetch(path, { method: 'POST', body, headers: { 'content-type': 'application/json' } });
  }
  pass(10_000);
  const asking = { ...askingFor(aBatch({ recipients: [], list })), list, recipientCount: undefined };
  await during('find', () => findOf(provider)(asking, signal));
  await during('poll', () => pollOnce(provider, { ...tracking(batch, accepted), ofList: true }));
}

function bare({ url, body }: { readonly url: string; readonly body: unknown }, origin: string) {
  const { userId: _, ...rest } = body as { readonly userId?: string };
  const path = new URL(url).pathname.replace('[redacted]', 'sandbox-nhn-app-key');
  return { path: `${origin}${path}`, body: JSON.stringify(rest) };
}

async function tourEnds({ during }: Recorder, audience: ProviderAudience, id: string): Promise<void> {
  await during('audience.rename', async () => audience.rename?.(id, 'vips', signal));
  await during('audience.list', () => audience.list(signal));
  await during('audience.empty', async () => audience.empty?.(id, signal));
  await during('audience.forget', async () => audience.forget?.(['kim@example.com'], signal));
  await during('audience.delete', () => audience.delete(id, signal));
  const left = await audience.create('left', signal);
  await audience.add(left, [{ id: 'con_2', addresses: ['kim@example.com'], known: false }], signal);
  await during('audience.wipe', () => audience.wipe(signal));
}

async function tourOptOuts({ provider: { suppressions }, during }: Recorder): Promise<void> {
  if (suppressions === undefined) return;
  await during('suppressions.add', () => suppressions.add(['kim@example.com'], signal));
  await during('suppressions.list', () => suppressions.list({}, signal));
  await during('suppressions.has', () => suppressions.has('kim@example.com', signal));
  await during('suppressions.remove', () => suppressions.remove(['kim@example.com'], signal));
}
