import { beforeAll, describe, expect, it } from '@jest/globals';
import { unique, useOwnGateway, type Answer, type ProblemView } from '@gateway/testing';
import {
  callsOf,
  examplePath,
  exampleRequests,
  lint,
  withAnswer,
  type Call,
  type OpenApi,
} from '../support/open-api.js';

const PROBLEM = 'application/problem+json';

/** Generated clients are called by these names: none may change. */
const OPERATIONS = [
  'POST /v1/messages sendMessage',
  'GET /v1/messages listMessages',
  'POST /v1/messages/preview previewMessage',
  'POST /v1/messages/{id}/cancel cancelMessage',
  'GET /v1/messages/{id} getMessage',
  'GET /v1/messages/{id}/recipients listMessageRecipients',
  'GET /v1/messages/{id}/batches listMessageBatches',
  'GET /v1/messages/{id}/events listMessageEvents',
  'POST /v1/messages/batch sendMessages',
  'POST /v1/messages/{id}/redrive redriveMessage',
  'GET /v1/events listEvents',
  'GET /v1/events/stream streamEvents',
  'POST /v1/suppressions addSuppressions',
  'GET /v1/suppressions listSuppressions',
  'DELETE /v1/suppressions/{address} removeSuppression',
  'POST /v1/suppressions/sync syncSuppressions',
  'GET /v1/statistics readStatistics',
  'GET /v1/recipients findRecipients',
  'GET /v1/providers listProviders',
  'POST /v1/providers/{name}/check checkProvider',
  'GET /v1/sending-domains listSendingDomains',
  'POST /v1/providers/{name}/pause pauseProvider',
  'POST /v1/providers/{name}/resume resumeProvider',
  'POST /v1/templates createTemplate',
  'GET /v1/templates listTemplates',
  'GET /v1/templates/{id} getTemplate',
  'PATCH /v1/templates/{id} updateTemplate',
  'DELETE /v1/templates/{id} deleteTemplate',
  'POST /v1/templates/{id}/restore restoreTemplate',
  'POST /v1/templates/{id}/preview previewTemplate',
  'POST /v1/templates/{id}/push pushTemplate',
  'POST /v1/templates/export exportTemplates',
  'POST /v1/templates/import importTemplates',
  'GET /v1/providers/{name}/bounce-block getBounceBlock',
  'PUT /v1/providers/{name}/bounce-block setBounceBlock',
  'GET /v1/providers/{name}/groups listProviderGroups',
  'DELETE /v1/providers/{name}/groups wipeProviderGroups',
  'POST /v1/groups/{id}/push pushGroup',
  'POST /v1/attachments uploadAttachment',
  'GET /v1/attachments listAttachments',
  'GET /v1/attachments/{id} getAttachment',
  'GET /v1/attachments/{id}/content getAttachmentContent',
  'DELETE /v1/attachments/{id} deleteAttachment',
  'POST /v1/api-keys createApiKey',
  'GET /v1/api-keys listApiKeys',
  'DELETE /v1/api-keys/{id} revokeApiKey',
  'POST /v1/webhook-endpoints createWebhookEndpoint',
  'GET /v1/webhook-endpoints listWebhookEndpoints',
  'GET /v1/webhook-endpoints/{id} getWebhookEndpoint',
  'PATCH /v1/webhook-endpoints/{id} updateWebhookEndpoint',
  'DELETE /v1/webhook-endpoints/{id} deleteWebhookEndpoint',
  'POST /v1/webhook-endpoints/{id}/test testWebhookEndpoint',
  'POST /v1/webhook-endpoints/{id}/pause pauseWebhookEndpoint',
  'POST /v1/webhook-endpoints/{id}/resume resumeWebhookEndpoint',
  'POST /v1/webhook-endpoints/{id}/rotate-secret rotateWebhookSecret',
  'POST /v1/webhook-endpoints/{id}/replay replayWebhookEvents',
  'GET /v1/webhook-endpoints/{id}/deliveries listWebhookDeliveries',
  'GET /v1/webhook-endpoints/{id}/deliveries/{deliveryId} getWebhookDelivery',
  'POST /v1/webhook-endpoints/{id}/deliveries/{deliveryId}/retry retryWebhookDelivery',
  'GET /v1/webhook-event-types listWebhookEventTypes',
  'GET /health/live getLiveness',
  'GET /health/ready getReadiness',
  'GET /metrics getMetrics',
];

describe('the OpenAPI document', () => {
  // A gateway of its own: some calls change what others see, like a paused account.
  const actors = useOwnGateway();
  let document: OpenApi;
  let calls: readonly Call[];

  beforeAll(async () => {
    document = (await actors.gateway.as(undefined).call<OpenApi>('GET', '/openapi.json')).body;
    calls = callsOf(document);
  });

  it('is OpenAPI 3.1, valid for the linter, examples included', () => {
    expect(document.openapi).toBe('3.1.0');
    expect(lint(document)).toEqual([]);
  });

  it('has the stable names', () => {
    const names = calls.map(({ method, path, operation }) => `${method} ${path} ${operation.operationId}`);
    expect(names).toEqual(expect.arrayContaining(OPERATIONS));
    expect(new Set(calls.map(({ operation }) => operation.operationId)).size).toBe(calls.length);
  });

  it('describes every call, its group and its parameters, with examples', () => {
    const groups = new Map(document.tags.map(({ name, description }) => [name, description]));
    for (const { operation } of calls) {
      const { operationId, summary, description, tags, parameters } = operation;
      expect([operationId, summary, description]).toEqual([operationId, expect.any(String), expect.any(String)]);
      expect(tags?.map((tag) => groups.get(tag))).toEqual([expect.any(String)]);
      for (const { name, description: words, schema, example } of parameters) {
        const told = [operationId, name, words, schema.type, example ?? schema.examples?.[0]];
        expect(told).toEqual([operationId, name, expect.any(String), expect.any(String), expect.anything()]);
      }
    }
  });

  it('has every filter of the list of messages', () => {
    const list = calls.find(({ operation }) => operation.operationId === 'listMessages');
    const names = list?.operation.parameters.map(({ name }) => name);
    const filters = 'status category provider tag templateId from to subject createdAfter createdBefore metadata'.split(
      ' ',
    );
    expect(names).toEqual(['limit', 'cursor', ...filters]);
  });

  it('has an example for every answer with a body, and the request id on each', () => {
    for (const { operation } of calls) {
      for (const [status, { content = {}, headers }] of Object.entries(operation.responses)) {
        expect([operation.operationId, status, Object.keys(headers ?? {})[0]]).toContain('X-Request-Id');
        for (const { example, examples } of Object.values(content)) {
          const shown = example ?? Object.values(examples ?? {})[0]?.value;
          expect([operation.operationId, status, shown]).toEqual([operation.operationId, status, expect.anything()]);
        }
      }
    }
  });

  it('is a page that opens from the root, without a key', async () => {
    const home = await fetch(`${actors.gateway.url}/`, { redirect: 'manual' });
    expect([home.status, home.headers.get('location')]).toEqual([302, '/docs']);
    const { status, headers } = await actors.gateway.as(undefined).call('GET', '/docs');
    expect(status).toBe(200);
    expect(headers.get('content-security-policy')).toContain("default-src 'self'");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('answers every call with its examples, as documented', async () => {
    // Each real answer is added as an example, so that the linter checks it against the schema.
    let withAnswers = document;
    for (const call of calls) {
      for (const { value, options } of exampleRequests(call)) {
        const answer = await actors.gateway.call<unknown>(call.method, examplePath(call), options);
        const { operationId } = call.operation;
        expect([operationId, value, answer.status < 300]).toEqual([operationId, value, true]);
        expectDocumented(document, call, answer);
        withAnswers = withAnswer(withAnswers, call, answer);
      }
    }
    expect(lint(withAnswers)).toEqual([]);
  }, 180_000);

  it('finds its examples while other callers delete them', async () => {
    const used = calls.filter(({ path }) => /^\/v1\/(webhook-endpoints|contacts|groups|templates)\/\{id\}$/.test(path));
    expect(new Set(used.map(({ method }) => method))).toEqual(new Set(['GET', 'PATCH', 'DELETE']));
    for (let round = 0; round < 20; round += 1) {
      const answers = await Promise.all(
        [...used, ...used].map((call) =>
          actors.gateway.call(call.method, examplePath(call), exampleRequests(call)[0]?.options),
        ),
      );
      expect(answers.filter(({ status }) => status >= 500)).toEqual([]);
    }
  });

  it('answers every error as documented', async () => {
    const { gateway } = actors;
    const scopes = ['webhooks'];
    const { body } = await gateway.post<{ key: string }>('/v1/api-keys', { name: unique('powerless-'), scopes });
    const nobody = gateway.as(undefined);
    const powerless = gateway.as(body.key);
    const codes = async (call: Call, answers: readonly Promise<Answer<ProblemView>>[]): Promise<void> => {
      for (const answer of await Promise.all(answers)) expectDocumented(document, call, answer);
    };
    for (const call of calls.filter(({ open }) => !open)) {
      const { method, operation } = call;
      const path = examplePath(call);
      const malformed = call.path.replace('{id}', '%zz');
      await codes(call, [nobody.call(method, path), powerless.call(method, path)]);
      if (malformed !== call.path) {
        await codes(call, [
          gateway.call(method, malformed),
          gateway.call(method, call.path.replace('{id}', 'unknown')),
        ]);
      }
      if (operation.parameters.some((parameter) => parameter.in === 'query')) {
        await codes(call, [gateway.call(method, `${call.path.replace('{id}', 'x')}?limit=0&nonsense=1`)]);
      }
      if (method === 'GET') continue;
      const send = (text: string, type = 'application/json') =>
        gateway.call(method, path, { body: text, headers: { 'content-type': type } });
      await codes(call, [send('{'), send(''), send('x', 'text/plain'), send('{"nonsense":1}'), send('[]')]);
      const headers = { 'idempotency-key': 'not visible' };
      await codes(call, [gateway.call(method, path, { body: { nonsense: 1 }, headers })]);
    }
  });
});

/** The document must declare status, media type, code and headers of an answer. */
function expectDocumented(document: OpenApi, { operation }: Call, { status, headers, body }: Answer<unknown>): void {
  const who = `${operation.operationId} ${status}`;
  const told = operation.responses[String(status)];
  if (told === undefined) throw new Error(`${who} is not documented: ${JSON.stringify(body)}`);
  const mediaType = headers.get('content-type')?.split(';', 1)[0];
  const [documented] = Object.keys(told.content ?? {});
  expect([who, documented === '*/*' ? documented : mediaType]).toEqual([who, documented]);
  if (mediaType === PROBLEM) {
    const codes = Object.keys(told.content?.[PROBLEM]?.examples ?? {});
    expect([who, codes]).toEqual([who, expect.arrayContaining([(body as ProblemView).code])]);
  }
  const promised = Object.keys(told.headers ?? {}).filter((name) => document.components.headers[name]?.required);
  expect([who, promised.filter((name) => !headers.has(name))]).toEqual([who, []]);
}
