import { ncp } from './ncp/ncp.js';
import { nhn } from './nhn/nhn.js';
import { sens } from './sens/sens.js';
import type { Vendor } from './vendor.js';

/** Every look-alike. A new vendor is a folder beside this file and a place in this list. */
export const vendors: readonly Vendor[] = [ncp, nhn, sens];
