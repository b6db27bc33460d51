import type { Simulator } from '../../state/simulator.js';

/** Sandbox values of the form that real ones have, never real ones. The service id is an NRN (sens.md §1.2). */
export const sensKeys = {
  accessKey: 'sandbox-sens-access-key',
  secretKey: 'sandbox-sens-secret-key',
  serviceId: 'ncp:mail:kr:100000000002:sandbox',
};

/** The keys that callers of this simulator use. */
export const keysOf = ({ keys }: Simulator): typeof sensKeys => ({ ...sensKeys, ...keys['sens'] });
