import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Simulator } from '../../state/simulator.js';
import { storeOf } from './state.js';

const groupSchema = z.strictObject({ name: z.string().min(1), addresses: z.array(z.string()) });

const templateSchema = z.strictObject({
  templateNo: z.int().positive(),
  name: z.string().default('template'),
  senderAddress: z.string(),
  senderName: z.string().nullable().default(null),
  title: z.string(),
  body: z.string(),
});

/** Acts of a person in the console of SENS: `PUT /control/sens/groups` and `PUT /control/sens/templates`. */
export function sensControl(app: FastifyInstance, simulator: Simulator): void {
  app.put('/sens/groups', (call) => {
    const { name, addresses } = groupSchema.parse(call.body);
    storeOf(simulator).groups.set(name, addresses);
    return { name, addresses: addresses.length };
  });
  app.put('/sens/templates', (call) => {
    const template = templateSchema.parse(call.body);
    storeOf(simulator).templates.set(template.templateNo, template);
    return template;
  });
}
