import { z } from 'zod';

export const services = z
  .object({
    mail: z.string(),
    attachments: z.string().nullable(),
    templates: z.string().nullable(),
    lists: z.string().nullable(),
    optOuts: z.string().nullable(),
    statistics: z.string().nullable(),
    bounceBlock: z.string().nullable(),
  })
  .meta({
    description:
      "Version of the vendor's API through which each service goes. `null`: the account does not have it. An " +
      'account may send by a newer API and keep templates by an older one',
  });
