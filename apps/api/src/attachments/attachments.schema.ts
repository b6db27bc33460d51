import { z } from 'zod';
import { SOME_UUID, cursorOf, pageQuery } from '../http/page.js';

export const attachmentListQuery = z.strictObject({ ...pageQuery, cursor: cursorOf(z.uuid(), SOME_UUID) });
