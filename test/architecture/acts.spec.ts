import { describe, expect, it } from '@jest/globals';
import { filesOf, textOf } from '../support/repository.js';

/** Tables whose rows somebody sets up. Mail, events, statistics and deliveries have timelines of their own. */
const SET_UP = [
  ...['api_key', 'rotated_key', 'client', 'console_session', 'provider_account', 'webhook_endpoint', 'route_version'],
  ...['template', 'template_version', 'template_category', 'contact', 'contact_address', 'contact_group'],
  ...['group_member', 'suppression', 'attachment', 'erasure', 'erasure_address', 'audit_entry'],
];

/** Acts that no request asks for, as docs/audit.md lists them. */
const documented = [...textOf('docs/audit.md').matchAll(/^\| `([a-z_]+\.[a-z_]+)` \|/gm)].map(([, name = '']) => name);

/**
 * Why a statement that changes such a table without a request has its entry, or needs none. A name with a dot is the
 * action of the entry. `call`: only requests run it, whose route names the act. `health`: what an account or a receiver
 * answers, in `GET /v1/providers` and in metrics. `work`: leases, places and times of workers. `mail`: follows from mail,
 * whose timeline tells of it.
 */
const reasons: Readonly<Record<string, string>> = {
  'access/access.sql.ts NOTE_USE': 'health',
  'access/access.sql.ts NOTE_ROTATION': 'call',
  'access/console-session.sql.ts TOUCH_SESSION': 'health',
  'access/console-session.sql.ts INSERT_SESSION': 'call',
  'access/console-session.sql.ts LOOK_AT_CLIENT': 'call',
  'access/console-session.sql.ts DELETE_SESSION': 'call',
  'access/access.repository.ts': 'api_key.create',
  'accounts/provider-account.repository.ts': 'provider.resume',
  'accounts/provider-account.sql.ts LOCK': 'provider.pause',
  'accounts/provider-account.sql.ts PAUSE_FOR_CREDENTIALS': 'provider.pause',
  'accounts/provider-account.sql.ts OPEN': 'provider.resume',
  'accounts/provider-account.sql.ts NOTE_SUCCESS': 'health',
  'accounts/provider-account.sql.ts NOTE_FAILURE': 'health',
  'accounts/provider-account.sql.ts COOL_DOWN': 'health',
  'accounts/provider-account.sql.ts TAKE_PROBE': 'work',
  'accounts/provider-account.sql.ts PROBE_CREDENTIALS': 'work',
  'accounts/provider-account.sql.ts TAKE_PACE': 'work',
  'accounts/quota.sql.ts CLOSE': 'provider.close_quota',
  'accounts/quota.sql.ts OPEN': 'provider.open_quota',
  // The environment says it, at each start.
  'accounts/quota.sql.ts DECLARE_PERIODS': 'work',
  'accounts/stranded-account.sql.ts NOTE_CONFIGURED': 'provider.return',
  'accounts/stranded-account.sql.ts FIND_STRANDED': 'provider.strand',
  'attachments/attachment.repository.ts': 'call',
  // A call has deleted it; its content follows when no mail needs it.
  'attachments/attachment.sql.ts TAKE_REMOVABLE': 'work',
  'attachments/attachment-copy.repository.ts': 'work',
  'audience/contact-import.sql.ts UPDATE_CONTACTS': 'call',
  'audience/contact-import.sql.ts INSERT_CONTACTS': 'call',
  'audience/contact-import.sql.ts INSERT_ADDRESSES': 'call',
  'audience/contact-import.sql.ts INSERT_MEMBERS': 'call',
  'audience/contact.repository.ts': 'call',
  'audience/contact.sql.ts INSERT_ADDRESSES': 'call',
  'audience/group.repository.ts': 'call',
  'audience/group.sql.ts INSERT_MISSING': 'call',
  'audience/group.sql.ts ADD_MEMBERS': 'call',
  'audience/group.sql.ts REMOVE_MEMBERS': 'call',
  'audience/group.sql.ts INSERT_CONTACTS': 'call',
  'audience/group.sql.ts INSERT_ADDRESSES': 'call',
  'audience/group.sql.ts DELETE_UNADDRESSED': 'call',
  'audit/audit.sql.ts ADD': 'work',
  'privacy/erase-mail.sql.ts NOTE_AT_ENDPOINTS': 'work',
  'privacy/erasure.sql.ts NOTE_PLACE': 'work',
  'privacy/erasure.sql.ts NOTE_WITHOUT_MAIL': 'work',
  'privacy/erase-person.sql.ts DELETE_CONTACT_ADDRESSES': 'erasure.complete',
  'privacy/erase-person.sql.ts DELETE_CONTACTS': 'erasure.complete',
  'privacy/erase-person.sql.ts MASK_CONTACTS': 'erasure.complete',
  'privacy/erase-person.sql.ts HASH_SUPPRESSIONS': 'erasure.complete',
  'privacy/erase-person.sql.ts MASK_ACCOUNTS': 'erasure.complete',
  'privacy/erase-person.sql.ts MASK_ENDPOINTS': 'erasure.complete',
  'privacy/erasure.repository.ts': 'call',
  'privacy/erasure.sql.ts INSERT_ADDRESSES': 'call',
  'privacy/erasure.sql.ts TAKE': 'work',
  'privacy/erasure.sql.ts ADVANCE': 'work',
  'privacy/erasure.sql.ts WAIT': 'work',
  'privacy/erasure.sql.ts RELEASE': 'work',
  'privacy/erasure.sql.ts FORGET_ADDRESSES': 'erasure.complete',
  'privacy/erasure.sql.ts COMPLETE': 'erasure.complete',
  'routes/route.repository.ts': 'routes.halt',
  'suppressions/suppression-copy.sql.ts TAKE_IN': 'suppression.sync',
  'suppressions/suppression-copy.sql.ts TAKE_OFF': 'suppression.sync',
  'suppressions/suppression.repository.ts': 'call',
  'suppressions/suppression.sql.ts ADD': 'call',
  'suppressions/suppression.sql.ts REMOVE_HASHED': 'call',
  'suppressions/suppression.sql.ts ADD_BOUNCED': 'mail',
  'suppressions/suppression.sql.ts ADD_UNSUBSCRIBED': 'mail',
  'templates/template-category.repository.ts': 'call',
  'templates/template.repository.ts': 'call',
  'upkeep/retention.sql.ts DELETE_ATTACHMENTS': 'retention.erase',
  'webhooks/webhook-delivery.sql.ts PROBE_NOW': 'call',
  'webhooks/webhook-endpoint.repository.ts': 'call',
  'webhooks/webhook-endpoint.sql.ts RESUME': 'call',
  // The same headers, sealed.
  'webhooks/webhook-endpoint.sql.ts REPLACE_HEADERS': 'work',
  'webhooks/webhook-endpoint.sql.ts CLAIM': 'work',
  'webhooks/webhook-endpoint.sql.ts PLAN': 'work',
  'webhooks/webhook-endpoint.sql.ts ADVANCE': 'webhook_endpoint.pause',
  'webhooks/webhook-endpoint.sql.ts RELEASE': 'work',
  'webhooks/webhook-endpoint.sql.ts RENEW': 'work',
};

const inCamelCase = (table: string): string => table.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

/** Statements of SQL by name, and repositories that change such a table through Prisma. */
function changes(): readonly string[] {
  const statement = new RegExp(`(?:INSERT INTO|UPDATE|DELETE FROM)\\s+(?:${SET_UP.join('|')})\\b(?!_)`);
  const prisma = new RegExp(`\\b(?:${SET_UP.map(inCamelCase).join('|')})\\s*\\.(?:create|update|upsert|delete)\\w*\\(`);
  return filesOf('libs/database/src/**/*.ts')
    .filter((path) => !/\.(spec|fixture)\.ts$/.test(path))
    .flatMap((path) => {
      const [source, name] = [textOf(path), path.replace('libs/database/src/', '')];
      const statements = path.endsWith('.sql.ts')
        ? [...source.matchAll(/export const (\w+)\b[^=]*=([\s\S]*?);\n/g)]
            .filter(([, , text = '']) => statement.test(text))
            .map(([, constant = '']) => `${name} ${constant}`)
        : [];
      return prisma.test(source) ? [...statements, name] : statements;
    });
}

describe('acts of the gateway itself', () => {
  it('are known for every statement that changes what somebody has set up', () => {
    expect(changes().filter((change) => !(change in reasons))).toEqual([]);
    expect(Object.keys(reasons).filter((change) => !changes().includes(change))).toEqual([]);
  });

  it('are in the list of docs/audit.md', () => {
    const actions = [...new Set(Object.values(reasons).filter((reason) => reason.includes('.')))];
    expect(actions.filter((action) => !documented.includes(action))).toEqual([]);
    expect(documented.length).toBeGreaterThan(15);
  });

  it('have a test each, which expects the entry', () => {
    const specs = filesOf('libs/**/*.spec.ts', 'apps/**/*.spec.ts', 'test/e2e/**/*.spec.ts').map(textOf).join('\n');
    expect(documented.filter((action) => !specs.includes(`'${action}'`))).toEqual([]);
  });
});
