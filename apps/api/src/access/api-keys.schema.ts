import { z } from 'zod';
import { SOME_UUID, cursorOf, pageQuery } from '../http/page.js';
import { scopes } from '../http/scopes.js';

const NAME = z.string().trim().min(1).max(100);

export const createKey = z.strictObject({
  client: NAME.optional().meta({ description: 'Name of the client; a new name creates a client. Default: your own' }),
  name: NAME.meta({ description: 'Purpose of the key' }),
  scopes: z.array(z.enum(scopes)).min(1).max(scopes.length).meta({ description: 'Permissions of the key' }),
});

export const listKeys = z.strictObject({ ...pageQuery, cursor: cursorOf(z.uuid(), SOME_UUID) });
