/**
 * How the gateway's processes are started, in the image (Dockerfile) as by the launcher. Half of V8's own choice of young
 * garbage: a stream has no use for more. Two threads beside the main one instead of four: they collect garbage, and on a
 * machine of few cores they wait for each other, and for PostgreSQL; with one, memory comes back too late.
 */
export const NODE_FLAGS = ['--enable-source-maps', '--max-semi-space-size=16', '--v8-pool-size=2'] as const;
