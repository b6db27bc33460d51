/**
 * Flags for the gateway's processes, in the image (Dockerfile) as in the launcher. The young generation has half of
 * V8's default size: streams gain nothing from more. Two threads collect garbage beside the main one, instead of four:
 * on few cores, four wait for each other and for PostgreSQL; one frees memory too late.
 */
export const NODE_FLAGS = ['--enable-source-maps', '--max-semi-space-size=16', '--v8-pool-size=2'] as const;
