import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Database } from '@gateway/database';
import type { FastifyRequest } from 'fastify';
import { ownerOf } from '../access/access.js';
import { EXAMPLE_IDS, EXAMPLE_UUIDS } from '../openapi/example-ids.js';
import { exampleContact, newContact } from '../audience/contacts.openapi.js';
import { exampleGroup, newGroup } from '../audience/groups.openapi.js';

const ROUTES = /^\/v1\/(contacts|groups|messages)(\/|$)/;
const LONGEST_EXAMPLE = 10_000;
const IDS: readonly string[] = [EXAMPLE_IDS.contact, EXAMPLE_IDS.group];

/**
 * The contact and the group of the documentation, for client `default` of a sandbox. They come back when a call with
 * the example's id or name finds them deleted, and what an example makes is made again each time it is pressed.
 */
class SandboxAudience {
  constructor(
    private readonly database: Database,
    private readonly clientId: string,
  ) {}

  /** Other calls may delete the contact or the group at any moment: a row that is there is held while it is used. */
  async prepare(): Promise<void> {
    const { contact, group } = EXAMPLE_UUIDS;
    const { externalId, name, addresses, attributes } = exampleContact;
    const query = (sql: string, values: unknown[]): Promise<unknown> => this.database.pool.query(sql, values);
    await query(
      'INSERT INTO contact_group (id, client_id, name, description) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING',
      [group, this.clientId, exampleGroup.name, exampleGroup.description],
    );
    await query(
      `INSERT INTO contact (id, client_id, external_id, name, attributes) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT DO NOTHING`,
      [contact, this.clientId, externalId, name, JSON.stringify(attributes)],
    );
    await query(
      `INSERT INTO contact_address (contact_id, position, client_id, address)
       SELECT c.id, a.position - 1, c.client_id, a.address
       FROM contact c, unnest($2::text[]) WITH ORDINALITY AS a (address, position) WHERE c.id = $1
       FOR KEY SHARE OF c ON CONFLICT DO NOTHING`,
      [contact, addresses],
    );
    await query(
      `INSERT INTO group_member (group_id, contact_id)
       SELECT g.id, c.id FROM contact_group g, contact c WHERE g.id = $1 AND c.id = $2
       FOR KEY SHARE ON CONFLICT DO NOTHING`,
      [group, contact],
    );
  }

  renewBeforeCalls(app: NestFastifyApplication): void {
    app
      .getHttpAdapter()
      .getInstance()
      .addHook('preHandler', async (request) => {
        if (!ROUTES.test(request.routeOptions.url ?? '') || ownerOf(request).clientId !== this.clientId) return;
        if (speaksOfExamples(request)) await this.renew(request);
      });
  }

  private async renew(request: FastifyRequest): Promise<void> {
    await this.prepare();
    if (request.method !== 'POST') return;
    const { externalId, name } = (request.body ?? {}) as { readonly externalId?: unknown; readonly name?: unknown };
    const remove = (table: string, column: string, value: unknown): Promise<unknown> =>
      this.database.pool.query(`DELETE FROM ${table} WHERE client_id = $1 AND ${column} = $2`, [this.clientId, value]);
    if (externalId === newContact.externalId) await remove('contact', 'external_id', externalId);
    if (name === newGroup.name) await remove('contact_group', 'name', name);
  }
}

export async function prepareAudience(
  app: NestFastifyApplication,
  database: Database,
  clientId: string,
): Promise<void> {
  const audience = new SandboxAudience(database, clientId);
  audience.renewBeforeCalls(app);
  await audience.prepare();
}

/** By their ids in the path, or by their names in a body. */
function speaksOfExamples({ params, body, headers }: FastifyRequest): boolean {
  const { id = '' } = (params ?? {}) as { readonly id?: string };
  if (IDS.includes(id)) return true;
  if (Number(headers['content-length'] ?? 0) > LONGEST_EXAMPLE) return false;
  const text = typeof body === 'object' && body !== null ? JSON.stringify(body) : '';
  return text.includes(exampleGroup.name) || text.includes(newGroup.name);
}
