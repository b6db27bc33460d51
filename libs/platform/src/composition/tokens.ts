// Injection tokens for dependencies that are not classes.

/** `GatewayConfig`, or the part of it that a service names in its constructor. */
export const CONFIG = Symbol('CONFIG');
/** `Logger` of the process. */
export const LOGGER = Symbol('LOGGER');
/** `Clock` that shows the database's time. */
export const CLOCK = Symbol('CLOCK');
/** `AbortSignal`, aborted when the process begins to stop. */
export const STOPPING = Symbol('STOPPING');
