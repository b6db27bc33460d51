import { probePort } from '@gateway/platform';
import { LaunchError } from './launch-error.js';

/** @throws LaunchError with one line when the api could not listen there. */
export const checkPort = async (port: number, host: string): Promise<void> => {
  const state = await probePort(port, host);
  if (state === 'in use') {
    throw new LaunchError(`Port ${port} on ${host} is in use: stop what listens there, or set PORT to another one.`);
  }
  if (state === 'not allowed') {
    throw new LaunchError(`Port ${port} on ${host} may not be used by this user: set PORT to one above 1023.`);
  }
  if (state === 'no such address') {
    throw new LaunchError(`HOST ${host} is no address of this machine: use 127.0.0.1, or 0.0.0.0 for all of them.`);
  }
};
