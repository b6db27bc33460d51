import type { Socket } from 'node:net';

const watched = new WeakMap<Socket, Set<() => void>>();

/**
 * Runs `act` when the connection closes, at once if it has closed already. The connection is what is watched: of several
 * requests on it, an answer that waits behind others may never report its own end.
 * @returns what stops watching.
 */
export function onceGone(socket: Socket, act: () => void): () => void {
  if (socket.destroyed) {
    act();
    return () => undefined;
  }
  const acts = watched.get(socket) ?? watch(socket);
  acts.add(act);
  return () => void acts.delete(act);
}

/** One listener for all requests of a connection. */
function watch(socket: Socket): Set<() => void> {
  const acts = new Set<() => void>();
  watched.set(socket, acts);
  socket.once('close', () => {
    for (const act of [...acts]) act();
    acts.clear();
  });
  return acts;
}
