/** As the router reads a target in absolute form (RFC 9112, section 3.2.2): what follows the authority is the path. */
const AUTHORITY = /^https?:\/\/.*?\//;

/**
 * The path of a request target in the one form that the router matches: without scheme, authority, query and fragment,
 * percent-escapes decoded except those of reserved characters.
 */
export function requestPath(target = ''): string {
  const origin = target.startsWith('/') ? target : target.replace(AUTHORITY, '/');
  const path = origin.split(/[?#]/, 1)[0] ?? '';
  if (!path.includes('%')) return path;
  try {
    return decodeURI(path);
  } catch {
    return path;
  }
}
