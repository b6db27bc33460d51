import { beforeAll, describe, expect, it } from '@jest/globals';
import { aMessage, aSender, eventually, unique, useOwnGateway, type Answer, type ProblemView } from '@gateway/testing';
import { VendorConsole, type KeptTemplates } from '../support/vendor-console.js';

interface Pushed {
  readonly provider: string;
  readonly providerTemplateId: string;
  readonly version: number;
  readonly warnings: readonly string[];
}

/** A provider's template in the same words for both. */
interface Standing {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly body: string;
  readonly inUse: boolean;
  readonly category: string | undefined;
}

const PROVIDERS = ['ncp', 'nhn'] as const;
type Provider = (typeof PROVIDERS)[number];

const ncpTemplates = ({ ncp }: KeptTemplates): readonly Standing[] =>
  ncp.flatMap(({ sid, name, isUse = false, content, parentSid }) => {
    const category = ncp.find((node) => node.sid === parentSid)?.name;
    return content ? [{ id: String(sid), name, title: content.title, body: content.body, inUse: isUse, category }] : [];
  });

const nhnTemplates = ({ nhn, nhnCategories }: KeptTemplates): readonly Standing[] =>
  nhn.map(({ templateId: id, templateName: name, title, body, delYn, useYn, categoryId }) => {
    const category = nhnCategories.find((each) => each.categoryId === categoryId)?.categoryName;
    return { id, name, title, body, inUse: delYn === 'N' && useYn === 'Y', category };
  });

describe('templates at providers', () => {
  // A gateway of its own: all tests share the content of accounts, and their faults.
  const actors = useOwnGateway();
  let console: VendorConsole;
  beforeAll(() => void (console = new VendorConsole(actors.address.simulatorUrl)));

  const post = async <T extends { id: string }>(path: string, body: object): Promise<T> => {
    const answer = await actors.gateway.post<T>(path, body);
    expect([answer.status, answer.body]).toEqual([201, expect.anything()]);
    return answer.body;
  };
  const category = (fields: object = {}) =>
    post<{ id: string; name: string }>('/v1/template-categories', { name: unique('c-'), ...fields });
  const make = (fields: object = {}) =>
    post<{ id: string; name: string }>('/v1/templates', {
      name: unique('t-'),
      from: { address: 'shop@example.com', name: 'Shop' },
      subject: 'Hi {{name}}',
      html: '<b>{{{name}}}</b> costs ${x} ##y##',
      ...fields,
    });
  const push = (id: string, provider: string, headers = {}): Promise<Answer<Pushed & ProblemView>> =>
    actors.gateway.post(`/v1/templates/${id}/push`, { provider }, headers);
  const pushed = async (id: string, provider: string): Promise<Pushed> => {
    const { status, body } = await push(id, provider);
    expect([status, body]).toEqual([200, expect.objectContaining({ provider, version: expect.any(Number) })]);
    return body;
  };
  const remove = async (path: string): Promise<void> => {
    expect((await actors.gateway.call('DELETE', path)).status).toBe(204);
  };

  const standing = async (provider: Provider, id: string): Promise<Standing | undefined> =>
    (provider === 'ncp' ? ncpTemplates : nhnTemplates)(await console.kept()).find((template) => template.id === id);

  it.each(PROVIDERS)(
    'are created at %s, brought up to date, and created again when they are missing',
    async (provider) => {
      const { id: parentId } = await category();
      const { id: categoryId, name } = await category({ parentId });
      const template = await make({ categoryId });
      const first = await pushed(template.id, provider);
      expect(first).toMatchObject({ version: 1 });
      expect(await standing(provider, first.providerTemplateId)).toMatchObject({
        name: template.name,
        inUse: true,
        category: name,
        title: provider === 'ncp' ? 'Hi ${name}' : 'Hi ##name##',
      });
      await actors.gateway.call('PATCH', `/v1/templates/${template.id}`, { body: { subject: 'Bye {{name}}' } });
      expect(await pushed(template.id, provider)).toEqual({ ...first, version: 2 });
      expect(await pushed(template.id, provider)).toEqual({ ...first, version: 2 });
      const { title } = (await standing(provider, first.providerTemplateId)) ?? {};
      expect(title).toMatch(/^Bye /);
      await (provider === 'ncp'
        ? console.ncp('DELETE', `/template/${first.providerTemplateId}`)
        : console.nhn('DELETE', `/templates/${first.providerTemplateId}`));
      const again = await pushed(template.id, provider);
      expect(await standing(provider, again.providerTemplateId)).toMatchObject({ title, inUse: true, category: name });
    },
  );

  it('are made again with their category when both are gone', async () => {
    const { id: categoryId, name } = await category();
    const template = await make({ categoryId });
    const { providerTemplateId } = await pushed(template.id, 'nhn');
    const old = (await console.kept()).nhn.find(({ templateId }) => templateId === providerTemplateId);
    await console.nhn('DELETE', `/templates/${providerTemplateId}`);
    await console.nhn('DELETE', `/categories/${old?.categoryId}`);
    const again = await pushed(template.id, 'nhn');
    expect(await standing('nhn', again.providerTemplateId)).toMatchObject({ inUse: true, category: name });
  });

  it.each(PROVIDERS)('are what a message through %s is made of', async (provider) => {
    const { gateway, simulator } = actors;
    const { id } = await make();
    const { providerTemplateId } = await pushed(id, provider);
    const from = aSender();
    const message = aMessage()
      .from(from)
      .to('kim@example.com')
      .with({ subject: undefined, html: undefined, variables: { name: 'A & B' } })
      .with({ template: { provider, providerTemplateId } });
    expect(await gateway.deliver(message)).toMatchObject({ status: 'completed' });
    const [mail] = await simulator.mails(from);
    expect(mail?.subject).toBe('Hi A & B');
    const read = mail?.body.replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));
    expect(read).toBe('<b>A & B</b> costs ${x} ##y##');
  });

  it.each(PROVIDERS)('are deleted and restored at %s with ours, as soon as it answers', async (provider) => {
    const { gateway, simulator } = actors;
    const { id: categoryId, name } = await category();
    const { id } = await make({ categoryId });
    const { providerTemplateId } = await pushed(id, provider);
    const trouble = await simulator.trouble({ kind: 'error_500', provider, operation: 'other', times: 2 });
    await remove(`/v1/templates/${id}`);
    await eventually(async () => expect((await standing(provider, providerTemplateId))?.inUse).toBe(false));
    expect(await simulator.hits(trouble)).toBe(2);
    await gateway.post(`/v1/templates/${id}/restore`);
    await eventually(async () => {
      const all = (provider === 'ncp' ? ncpTemplates : nhnTemplates)(await console.kept());
      expect(all.filter((template) => template.category === name && template.inUse).length).toBe(1);
    });
  });

  it('follow their category to its new name, and at ncp into another one', async () => {
    const [from, to] = [await category(), await category()];
    const { id } = await make({ categoryId: from.id });
    const { providerTemplateId } = await pushed(id, 'ncp');
    const change = (path: string, body: object) => actors.gateway.call('PATCH', path, { body });
    const newName = unique('c-');
    await change(`/v1/template-categories/${from.id}`, { name: newName });
    await pushed(id, 'ncp');
    expect(await standing('ncp', providerTemplateId)).toMatchObject({ category: newName });
    await change(`/v1/templates/${id}`, { categoryId: to.id });
    await pushed(id, 'ncp');
    expect(await standing('ncp', providerTemplateId)).toMatchObject({ category: to.name });
  });

  it('leave no category behind that they have made, also when one below it was removed there', async () => {
    const above = await category();
    const below = await category({ parentId: above.id });
    const { id } = await make({ categoryId: below.id });
    const { providerTemplateId } = await pushed(id, 'nhn');
    const old = (await console.kept()).nhn.find(({ templateId }) => templateId === providerTemplateId);
    await console.nhn('DELETE', `/templates/${providerTemplateId}`);
    await console.nhn('DELETE', `/categories/${old?.categoryId}`);
    await pushed(id, 'nhn');
    await remove(`/v1/templates/${id}`);
    await remove(`/v1/template-categories/${below.id}`);
    await remove(`/v1/template-categories/${above.id}`);
    const names = async () => (await console.kept()).nhnCategories.map(({ categoryName }) => categoryName);
    await eventually(async () => expect(await names()).not.toContain(above.name));
  });

  it('leave no category behind that they have made', async () => {
    const { id: categoryId, name } = await category();
    const { id } = await make({ categoryId });
    await pushed(id, 'nhn');
    const names = async () => (await console.kept()).nhnCategories.map(({ categoryName }) => categoryName);
    expect(await names()).toContain(name);
    await remove(`/v1/templates/${id}`);
    await remove(`/v1/template-categories/${categoryId}`);
    await eventually(async () => expect(await names()).not.toContain(name));
  });

  it('carry their files where the provider takes them, and report where it does not', async () => {
    const { gateway } = actors;
    const file = await gateway.upload('terms.txt', 'the terms', 'text/plain');
    const { id } = await make({ attachments: [file.id] });
    const { providerTemplateId, warnings } = await pushed(id, 'nhn');
    const kept = (await console.kept()).nhn.find(({ templateId }) => templateId === providerTemplateId);
    expect(kept?.files.map(({ fileName }) => fileName)).toEqual(['terms.txt']);
    expect(warnings.join()).not.toMatch(/file|attachment/i);
    expect((await pushed(id, 'ncp')).warnings.join()).toMatch(/file|attachment/i);
  });

  it('are pushed once with an Idempotency-Key, and one after the other', async () => {
    const { id } = await make();
    const headers = { 'idempotency-key': unique('key-') };
    const first = await push(id, 'ncp', headers);
    await actors.gateway.call('PATCH', `/v1/templates/${id}`, { body: { subject: 'Two' } });
    const second = await push(id, 'ncp', headers);
    expect([second.body, second.headers.get('idempotent-replayed')]).toEqual([first.body, 'true']);
    const { id: other, name } = await make();
    const answers = await Promise.all(Array.from({ length: 5 }, () => push(other, 'ncp')));
    for (const { status, body } of answers.filter((answer) => answer.status !== 200)) {
      expect([status, body.code]).toEqual([409, 'idempotency_in_flight']);
    }
    expect((await pushed(other, 'ncp')).version).toBe(1);
    expect((await console.kept()).ncp.filter((node) => node.name === name).length).toBe(1);
  });

  it('find what was made when the answer was lost', async () => {
    const { gateway, simulator } = actors;
    const { id, name } = await make();
    await simulator.trouble({ kind: 'accept_then_drop', provider: 'ncp', operation: 'other', times: 1 });
    const lost = await push(id, 'ncp');
    expect([lost.status, lost.body.code, lost.body.retryable]).toEqual([503, 'overloaded', true]);
    await pushed(id, 'ncp');
    expect((await console.kept()).ncp.filter((node) => node.name === name).length).toBe(1);
    expect((await gateway.call('GET', `/v1/templates/${id}`)).status).toBe(200);
  });

  it('never replace templates of the same name that others have created there', async () => {
    const { id, name } = await make();
    const theirs = { templateName: name, title: 'Theirs', body: 'Theirs', senderAddress: 'a@example.com' };
    const { sid } = await console.ncp<{ sid: number }>('POST', '/template', theirs);
    for (let time = 0; time < 2; time += 1) {
      const refused = await push(id, 'ncp');
      expect([refused.status, refused.body.code]).toEqual([422, 'unsupported_by_provider']);
    }
    expect(await standing('ncp', String(sid))).toMatchObject({ title: 'Theirs' });
  });

  it('are refused with a problem when they cannot be there', async () => {
    const { gateway, simulator } = actors;
    const { id } = await make();
    const faults = async (answer: Promise<Answer<ProblemView>>) => {
      const { status, body } = await answer;
      return [status, body.code, body.errors?.map(({ pointer }) => pointer)];
    };
    expect(await faults(push(id, 'acme'))).toEqual([422, 'validation_failed', ['/provider']]);
    expect(await faults(push(id, ''))).toEqual([422, 'validation_failed', ['/provider']]);
    expect(await faults(push('tpl_x', 'ncp'))).toEqual([404, 'not_found', undefined]);
    const { id: senderless } = await make({ from: null });
    expect(await faults(push(senderless, 'ncp'))).toEqual([422, 'unsupported_by_provider', ['/provider']]);
    const { id: url } = await make({ html: '<a href="{{{unsubscribeUrl}}}">x</a>' });
    expect(await faults(push(url, 'ncp'))).toEqual([422, 'unsupported_by_provider', ['/provider']]);
    const stranger = { client: unique('client-'), name: 'test', scopes: ['templates'] };
    const { key } = (await gateway.post<{ key: string }>('/v1/api-keys', stranger)).body;
    expect(await faults(gateway.as(key).post(`/v1/templates/${id}/push`, { provider: 'ncp' }))).toEqual([
      404,
      'not_found',
      undefined,
    ]);
    for (const provider of PROVIDERS) {
      await simulator.trouble({ kind: 'retired', provider, operation: 'other', times: 1 });
      expect(await faults(push(id, provider))).toEqual([422, 'provider_retired', undefined]);
    }
  });
});
