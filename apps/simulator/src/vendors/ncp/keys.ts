import type { Simulator } from '../../state/simulator.js';

/** Sandbox values of the form that real keys have, never real ones. */
export const ncpKeys = { accessKey: 'sandbox-ncp-access-key', secretKey: 'sandbox-ncp-secret-key' };

/** The keys that callers of this simulator use. */
export const keysOf = ({ keys }: Simulator): typeof ncpKeys => ({ ...ncpKeys, ...keys['ncp'] });
