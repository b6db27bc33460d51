import type { Simulator } from '../../state/simulator.js';

/** Sandbox values of the form that real keys have, never real ones. */
export const nhnKeys = { appKey: 'sandbox-nhn-app-key', secretKey: 'sandbox1' };

/** The keys that callers of this simulator use. */
export const keysOf = ({ keys }: Simulator): typeof nhnKeys => ({ ...nhnKeys, ...keys['nhn'] });
