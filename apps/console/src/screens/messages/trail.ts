import { getRouteApi } from '@tanstack/react-router';

const route = getRouteApi('/messages');

/** So many pages back are kept in the address, which must not grow without end. */
const LONGEST = 20;

/** The way back through a list that the server pages in one direction only. */
export function useTrail(nextCursor: string | null): {
  readonly newer: (() => void) | undefined;
  readonly older: (() => void) | undefined;
} {
  const { cursor, trail = '', ...search } = route.useSearch();
  const navigate = route.useNavigate();
  const passed = trail === '' ? [] : trail.split('.');
  const go = (to: string | undefined, way: readonly string[]): void => {
    void navigate({
      search: { ...search, ...(to !== undefined && { cursor: to }), ...(way.length > 0 && { trail: way.join('.') }) },
    });
  };
  return {
    newer: cursor === undefined ? undefined : () => go(passed.at(-1), passed.slice(0, -1)),
    older:
      nextCursor === null
        ? undefined
        : () => go(nextCursor, cursor === undefined ? passed : [...passed, cursor].slice(-LONGEST)),
  };
}
