import { z } from 'zod';
import { code, listedAddress, optional, words } from '../shared/wire.js';

/* Parts of answers that both generations write alike. */

const digits = z
  .string()
  .regex(/^\d{1,15}$/)
  .transform(Number);

export const count = z.union([z.number().int().nonnegative(), digits]);

/** Status of a listed mail or recipient that is nonsense. */
export const UNREADABLE = 'unreadable';

/** Members of a recipient in a mail's detail, besides its status (ncp.md §3.2, sens.md §6). */
export const resultMembers = {
  address: listedAddress,
  sendResultCode: optional(code),
  sendResultMessage: optional(words),
  sendResultCodeMessage: optional(words),
};
