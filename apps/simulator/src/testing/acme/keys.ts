import type { Simulator } from '../../state/simulator.js';

/** Sandbox values, never real ones. */
export const acmeKeys = { token: 'sandbox-acme-token-7f3a', pushSecret: 'sandbox-acme-push-secret-91c2' };

/** The keys that callers of this simulator use. */
export const keysOf = ({ keys }: Simulator): typeof acmeKeys => ({ ...acmeKeys, ...keys['acme'] });
