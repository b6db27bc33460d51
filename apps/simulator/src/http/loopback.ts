const LOOPBACK = /^(127(\.\d{1,3}){3}|::1|localhost)$/;

/** True for hosts that only this machine can reach. */
export const isLoopback = (host: string): boolean => LOOPBACK.test(host);
