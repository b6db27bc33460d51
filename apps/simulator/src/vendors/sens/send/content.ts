import { domainOf, isAddress } from '../../../http/address.js';
import { stringOf, type JsonObject } from '../../../http/fields.js';
import type { MailContent } from '../../../state/accepted-request.js';
import type { Simulator } from '../../../state/simulator.js';
import { invalid } from '../errors.js';
import { templateOf } from '../project.js';
import type { SensSettings } from '../settings.js';
import { settingsOf, type ConsoleTemplate } from '../state.js';
import { atMost, bytes, parametersOf, required } from './checks.js';
import { readFiles } from './files.js';
import { LIMITS } from './fields.js';

/** Everything of the request that all recipients share (sens.md §2.1). */
export function readContent(simulator: Simulator, body: JsonObject): MailContent {
  const settings = settingsOf(simulator);
  const template = readTemplate(simulator, body['templateNo']);
  const texts = readTexts(body, template, settings);
  return {
    ...texts,
    advertising: body['advertising'] === true,
    parameters: parametersOf(body['parameters'], 'parameters') ?? {},
    marker: markerIn(texts.body),
    templateId: template ? String(template.templateNo) : null,
    templateName: template ? template.name : null,
    files: readFiles(simulator, body['attachFileIds']),
    customHeaders: {},
    unsubscribeMessage: unsubscribeMessageOf(body),
    templateType: 'DEFAULT',
  };
}

/** A caller's own mark of a request, for the record of the control endpoints: a comment at the end of the body. */
const markerIn = (body: string): string | null => /<!--\s*(\S{1,100})\s*-->\s*$/.exec(body)?.[1] ?? null;

/** Fields of the body replace those of the template. */
function readTexts(body: JsonObject, template: ConsoleTemplate | undefined, settings: SensSettings) {
  const own = (field: 'senderAddress' | 'title' | 'body'): string =>
    required(stringOf(body, field) || template?.[field], field);
  atMost(body, 'title', LIMITS.titleBytes);
  return {
    senderAddress: checkSender(own('senderAddress'), settings),
    senderName: atMost(body, 'senderName', LIMITS.nameBytes) ?? template?.senderName ?? null,
    title: own('title'),
    body: own('body'),
  };
}

function checkSender(sender: string, settings: SensSettings): string {
  if (!isAddress(sender) || bytes(sender) > LIMITS.addressBytes) throw invalid('senderAddress', 'is not an address');
  if (settings.forbiddenSenderDomains.includes(domainOf(sender))) throw invalid('senderAddress', 'is not allowed');
  return sender;
}

function readTemplate(simulator: Simulator, value: unknown): ConsoleTemplate | undefined {
  if (value === undefined || value === null) return undefined;
  const template = templateOf(simulator, Number(value));
  if (template === undefined) throw invalid('templateNo', 'does not exist');
  return template;
}

function unsubscribeMessageOf(body: JsonObject): string | null {
  if (body['useBasicUnsubscribeMessage'] !== false) return null;
  return required(stringOf(body, 'unsubscribeMessage'), 'unsubscribeMessage');
}
