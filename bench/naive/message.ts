import { z } from 'zod';

export const messageSchema = z.object({
  from: z.email(),
  subject: z.string().min(1),
  html: z.string(),
  recipients: z
    .array(
      z.object({
        address: z.email(),
        name: z.string().nullable().default(null),
        variables: z.record(z.string(), z.string()).default({}),
      }),
    )
    .min(1)
    .max(100_000),
});

export type Message = z.output<typeof messageSchema>;

/** `{{name}}` */
export const fillIn = (text: string, variables: Readonly<Record<string, string>>): string =>
  text.replace(/\{\{(\w+)\}\}/g, (whole, name: string) => variables[name] ?? whole);
