import { describe, expect, it } from '@jest/globals';
import {
  aMessage,
  aSender,
  unique,
  useSharedGateway,
  type GatewayClient,
  type MessageView,
  type PageView,
} from '@gateway/testing';

interface TemplateView {
  readonly id: string;
  readonly name: string;
  readonly categoryId: string | null;
  readonly enabled: boolean;
  readonly version: number;
  readonly latestVersion: number;
  readonly from: { readonly address: string } | null;
  readonly subject: string;
  readonly html: string | null;
  readonly text: string | null;
  readonly variables: readonly string[];
  readonly deletedAt: string | null;
}

interface CategoryView {
  readonly id: string;
  readonly name: string;
  readonly parentId: string | null;
}

describe('templates', () => {
  const actors = useSharedGateway('postgres');

  const make = async (fields: object = {}): Promise<TemplateView> => {
    const body = { name: unique('t-'), subject: 'Hi {{name}}', html: '<b>{{name}}</b>', ...fields };
    const answer = await actors.gateway.post<TemplateView>('/v1/templates', body);
    expect([answer.status, answer.headers.get('location')]).toEqual([201, `/v1/templates/${answer.body.id}`]);
    return answer.body;
  };
  const makeCategory = async (fields: object = {}): Promise<CategoryView> => {
    const answer = await actors.gateway.post<CategoryView>('/v1/template-categories', {
      name: unique('c-'),
      ...fields,
    });
    expect([answer.status, answer.body.id]).toEqual([201, expect.stringMatching(/^cat_/)]);
    return answer.body;
  };
  const patch = (id: string, body: object) =>
    actors.gateway.call<TemplateView>('PATCH', `/v1/templates/${id}`, { body });
  const stranger = async (): Promise<GatewayClient> => {
    const key = { client: unique('client-'), name: 'test', scopes: ['templates', 'messages:write'] };
    return actors.gateway.as((await actors.gateway.post<{ key: string }>('/v1/api-keys', key)).body.key);
  };

  it('keeps every version and changes only what is given', async () => {
    const { gateway } = actors;
    const first = await make({ from: 'Shop <shop@example.com>', description: 'one' });
    expect(first).toMatchObject({ version: 1, latestVersion: 1, enabled: true, variables: ['name'], text: null });
    const second = await patch(first.id, { subject: 'Bye {{who}}' });
    expect(second.body).toMatchObject({ version: 2, html: first.html, from: first.from, variables: ['who', 'name'] });
    const named = await patch(first.id, { name: 'renamed', enabled: false, description: '' });
    expect(named.body).toMatchObject({ version: 2, name: 'renamed', enabled: false, description: null });
    expect((await patch(first.id, { subject: 'Bye {{who}}' })).body.version).toBe(2);
    expect(await gateway.get(`/v1/templates/${first.id}`, { version: 1 })).toMatchObject({
      version: 1,
      latestVersion: 2,
      subject: first.subject,
    });
    expect((await gateway.call('GET', `/v1/templates/${first.id}?version=3`)).status).toBe(404);
  });

  it('never is without a body', async () => {
    const { id } = await make();
    const refused = await actors.gateway.call('PATCH', `/v1/templates/${id}`, { body: { html: '' } });
    expect([refused.status, refused.body.errors?.[0]]).toEqual([422, expect.objectContaining({ pointer: '/html' })]);
    expect((await patch(id, { html: '', text: 'plain' })).body).toMatchObject({
      html: null,
      text: 'plain',
      version: 2,
    });
  });

  it('is deleted, gone, and restored', async () => {
    const { gateway } = actors;
    const { id, name } = await make();
    for (let time = 0; time < 2; time += 1) {
      expect((await gateway.call('DELETE', `/v1/templates/${id}`)).status).toBe(204);
    }
    expect((await gateway.call('GET', `/v1/templates/${id}`)).status).toBe(404);
    expect((await patch(id, { enabled: false })).status).toBe(404);
    const deleted = await gateway.get<PageView<TemplateView>>('/v1/templates', { q: name, deleted: 'true' });
    expect(deleted.data).toMatchObject([{ id, deletedAt: expect.any(String) }]);
    const restored = await gateway.post<TemplateView>(`/v1/templates/${id}/restore`);
    expect([restored.status, restored.body.deletedAt]).toEqual([200, null]);
    expect(await gateway.get(`/v1/templates/${id}`)).toMatchObject({ id, name });
  });

  it('is found by category, text and switch, page by page', async () => {
    const { gateway } = actors;
    const { id: categoryId } = await makeCategory();
    const word = unique('w');
    const made = [await make({ categoryId }), await make({ categoryId, enabled: false, name: `100_${word}` })];
    const ids = async (query: object) =>
      (await gateway.all<TemplateView>('/v1/templates', { categoryId, ...query })).map(({ id }) => id);
    expect(await ids({ limit: 1 })).toEqual([made[1]?.id, made[0]?.id]);
    expect(await ids({ enabled: 'true' })).toEqual([made[0]?.id]);
    expect(await ids({ q: `00_${word.toUpperCase()}` })).toEqual([made[1]?.id]);
    expect(await ids({ q: `00%${word}` })).toEqual([]);
  });

  it('is rendered for people, with what is missing by name', async () => {
    const { gateway } = actors;
    const { id } = await make({ text: '{{name}} {{order}}' });
    const { body } = await gateway.post(`/v1/templates/${id}/preview`, { variables: { name: '<script>' } });
    expect(body).toEqual({
      version: 1,
      subject: 'Hi <script>',
      html: '<b>&lt;script&gt;</b>',
      text: '<script> {{order}}',
      missingVariables: ['order'],
    });
  });

  it('makes once with an Idempotency-Key', async () => {
    const { gateway } = actors;
    const headers = { 'idempotency-key': unique('key-') };
    const body = { name: unique('t-'), subject: 's', text: 't' };
    const first = await gateway.post<TemplateView>('/v1/templates', body, headers);
    const second = await gateway.post<TemplateView>('/v1/templates', body, headers);
    expect(second.body).toEqual(first.body);
    expect(second.headers.get('idempotent-replayed')).toBe('true');
  });

  it('belongs to a client', async () => {
    const { gateway } = actors;
    const other = await stranger();
    const { id } = await make();
    const category = await makeCategory();
    for (const [method, path] of [
      ['GET', `/v1/templates/${id}`],
      ['DELETE', `/v1/templates/${id}`],
      ['POST', `/v1/templates/${id}/restore`],
      ['GET', `/v1/template-categories/${category.id}`],
      ['DELETE', `/v1/template-categories/${category.id}`],
    ] as const) {
      expect((await other.call(method, path)).status).toBe(404);
    }
    const inForeign = { name: 'a', subject: 'b', text: 'c', categoryId: category.id };
    expect((await other.post('/v1/templates', inForeign)).body.errors).toMatchObject([
      { pointer: '/categoryId', code: 'unknown_reference' },
    ]);
    expect((await other.get<PageView<unknown>>('/v1/templates')).data).toEqual([]);
    expect((await gateway.call('GET', `/v1/templates/${id}`)).status).toBe(200);
  });

  it('belongs to a tree of categories without cycles, which is not deleted while in use', async () => {
    const { gateway } = actors;
    const root = await makeCategory();
    const child = await makeCategory({ parentId: root.id, description: 'below' });
    const change = (id: string, body: object) => gateway.call('PATCH', `/v1/template-categories/${id}`, { body });
    for (const parentId of [root.id, child.id]) {
      expect((await change(root.id, { parentId })).body.errors).toMatchObject([
        { pointer: '/parentId', code: 'not_allowed' },
      ]);
    }
    const children = await gateway.get<PageView<CategoryView>>('/v1/template-categories', { parentId: root.id });
    expect(children.data).toMatchObject([{ id: child.id, parentId: root.id }]);
    const { id } = await make({ categoryId: child.id });
    const remove = async (category: CategoryView) => {
      const { status, body } = await gateway.call('DELETE', `/v1/template-categories/${category.id}`);
      return status === 204 ? status : body.code;
    };
    expect([await remove(root), await remove(child)]).toEqual(['not_empty', 'not_empty']);
    await gateway.call('DELETE', `/v1/templates/${id}`);
    expect([await remove(child), await remove(root), await remove(root)]).toEqual([204, 204, 'not_found']);
    expect((await gateway.post<TemplateView>(`/v1/templates/${id}/restore`)).body.categoryId).toBeNull();
  });

  it('has categories at most 10 deep', async () => {
    const { gateway } = actors;
    let parent = await makeCategory();
    for (let depth = 2; depth <= 10; depth += 1) parent = await makeCategory({ parentId: parent.id });
    const { body } = await gateway.post('/v1/template-categories', { name: 'too-deep', parentId: parent.id });
    expect(body.errors).toMatchObject([{ pointer: '/parentId', code: 'not_allowed' }]);
  });

  const messageOf = (template: object, fields: object = {}) =>
    aMessage()
      .to('kim@example.com')
      .with({ subject: undefined, html: undefined, variables: { name: 'A & B' }, template, ...fields });

  it.each(['ncp', 'nhn'])('is what a message through %s says, as it was when it was accepted', async (provider) => {
    const { gateway, simulator } = actors;
    const from = aSender();
    const { id } = await make({ from: { address: from, name: 'Shop' } });
    const later = messageOf({ id }, { from: undefined, provider, sendAt: new Date(Date.now() + 1500).toISOString() });
    const accepted = await gateway.send(later);
    expect(accepted).toMatchObject({ template: { id, version: 1 }, from: { address: from, name: 'Shop' } });
    await patch(id, { subject: 'Changed', html: 'Changed' });
    await gateway.call('DELETE', `/v1/templates/${id}`);
    expect(await gateway.waitUntilFinal(accepted.id)).toMatchObject({
      status: 'completed',
      template: { id, version: 1 },
    });
    expect(await simulator.mails(from)).toMatchObject([{ subject: 'Hi A & B', body: '<b>A &amp; B</b>' }]);
  });

  it('gives its files to its messages, unless they name their own', async () => {
    const { gateway, simulator } = actors;
    const [terms, other] = [await gateway.upload('terms.txt', 'the terms'), await gateway.upload('other.txt', 'other')];
    const made = await make({ attachments: [terms.id] });
    expect(made).toMatchObject({ attachments: [terms.id], version: 1 });
    const filesOf = async (fields: object) => {
      const from = aSender();
      await gateway.deliver(messageOf({ id: made.id }, { from, ...fields }));
      return (await simulator.mails(from)).flatMap(({ files }) => files.map(({ fileName }) => fileName));
    };
    expect(await filesOf({})).toEqual(['terms.txt']);
    expect(await filesOf({ attachments: [other.id] })).toEqual(['other.txt']);
    expect((await patch(made.id, { attachments: [] })).body).toMatchObject({ attachments: [], version: 2 });
    const unknown = await gateway.post('/v1/templates', {
      name: 'a',
      subject: 'b',
      text: 'c',
      attachments: [terms.id, 'att_x'],
    });
    expect(unknown.body.errors).toMatchObject([{ pointer: '/attachments/1', code: 'unknown_reference' }]);
    const foreign = await (
      await stranger()
    ).post('/v1/templates', { name: 'a', subject: 'b', text: 'c', attachments: [terms.id] });
    expect(foreign.body.errors).toMatchObject([{ pointer: '/attachments/0', code: 'unknown_reference' }]);
  });

  it('gives way to what the message says itself', async () => {
    const { gateway } = actors;
    const { id } = await make({ from: 'a@example.com', text: 'plain' });
    await patch(id, { subject: 'Two' });
    const preview = async (template: object, fields: object) =>
      (await gateway.post('/v1/messages/preview', messageOf(template, fields).build())).body;
    expect(await preview({ id }, {})).toMatchObject({ rendered: { subject: 'Two', html: '<b>A &amp; B</b>' } });
    expect(await preview({ id, version: 1 }, {})).toMatchObject({ rendered: { subject: 'Hi A & B' } });
    expect(await preview({ id }, { subject: 'Mine', text: 'Mine' })).toMatchObject({
      rendered: { subject: 'Mine', html: 'Mine' },
    });
    const dryRun = await gateway.post('/v1/messages', messageOf({ id }, { dryRun: true, from: undefined }).build());
    expect(dryRun.body).toMatchObject({ rendered: { subject: 'Two' } });
    expect(JSON.stringify(dryRun.body)).toContain('a@example.com');
  });

  it('is refused in a message when it is unknown, foreign, deleted, disabled, or wants what is not there', async () => {
    const { gateway } = actors;
    const faults = async (message: ReturnType<typeof messageOf>, caller = gateway) => {
      const { status, body } = await caller.post('/v1/messages', message.build());
      expect(status).toBe(422);
      return body.errors?.map(({ pointer, code }) => `${pointer} ${code}`);
    };
    const good = await make();
    const disabled = await make({ enabled: false });
    const deleted = await make();
    await gateway.call('DELETE', `/v1/templates/${deleted.id}`);
    const unknown = ['/template/id unknown_reference'];
    expect(await faults(messageOf({ id: 'tpl_x' }))).toEqual(unknown);
    expect(await faults(messageOf({ id: deleted.id }))).toEqual(unknown);
    expect(await faults(messageOf({ id: good.id }), await stranger())).toEqual(unknown);
    expect(await faults(messageOf({ id: disabled.id }))).toEqual(['/template/id not_allowed']);
    expect(await faults(messageOf({ id: good.id, version: 9 }))).toEqual(['/template/version unknown_reference']);
    expect(await faults(messageOf({ id: good.id }, { from: undefined }))).toEqual(['/from required']);
    expect(await faults(messageOf({ id: good.id }, { variables: {} }))).toEqual([
      '/to/0/variables/name missing_variable',
    ]);
    expect(await faults(messageOf({ id: good.id, provider: 'ncp' }))).toEqual(['/template/provider not_allowed']);
    expect(await faults(messageOf({}))).toEqual(['/template/id required']);
    expect(await faults(messageOf({ provider: 'ncp' }))).toEqual(['/template/providerTemplateId required']);
    const elsewhere = { provider: 'ncp', providerTemplateId: '1' };
    expect(await faults(messageOf(elsewhere, { provider: 'nhn' }))).toEqual(['/provider not_allowed']);
    expect(await faults(messageOf({ ...elsewhere, provider: 'x' }))).toEqual(['/template/provider unknown_reference']);
    const code = { category: 'authentication' };
    expect(await faults(messageOf({ provider: 'nhn', providerTemplateId: 'T' }, code))).toEqual([
      '/subject not_allowed',
    ]);
  });

  it('is answered as the first time, even when it was removed since', async () => {
    const { gateway } = actors;
    const { id } = await make();
    const [message, headers] = [messageOf({ id }), { 'idempotency-key': unique('key-') }];
    const first = await gateway.send(message, headers);
    await gateway.call('DELETE', `/v1/templates/${id}`);
    expect((await gateway.send(message, headers)).id).toBe(first.id);
  });

  it('works in streams and for many messages, and finds its messages', async () => {
    const { gateway } = actors;
    const { id } = await make();
    const head = messageOf({ id }, { to: undefined, variables: undefined }).build();
    const lines = [head, { address: 'kim@example.com', variables: { name: 'Kim' } }, { address: 'lee@example.com' }];
    const stream = (all: readonly object[]) =>
      gateway.post<MessageView>('/v1/messages', all.map((line) => `${JSON.stringify(line)}\n`).join(''), {
        'content-type': 'application/x-ndjson',
      });
    expect((await stream(lines)).status).toBe(422);
    const streamed = await stream(lines.slice(0, 2));
    expect(streamed.status).toBe(202);
    const messages = [messageOf({ id }).build(), messageOf({ id: 'tpl_x' }).build()];
    const many = await gateway.post<{ results: readonly { id?: string; problem?: unknown }[] }>('/v1/messages/batch', {
      messages,
    });
    expect(many.body.results).toMatchObject([{ id: expect.any(String) }, { problem: { code: 'validation_failed' } }]);
    const listed = await gateway.get<PageView<MessageView>>('/v1/messages', { templateId: id });
    expect(listed.data.map((message) => message.id)).toEqual([many.body.results[0]?.id, streamed.body.id]);
    expect((await gateway.call('GET', '/v1/messages?templateId=tpl_x')).status).toBe(422);
  });
});
