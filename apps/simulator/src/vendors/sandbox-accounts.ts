import type { Vendor } from './vendor.js';
import { vendors } from './vendors.js';

/** `accessKey` → `ACCESS_KEY`. */
export const variableName = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();

/** The environment with which a gateway uses a simulator at this origin instead of the vendors. */
export function sandboxAccounts(
  origin: string,
  keysOf: Readonly<Record<string, Readonly<Record<string, string>>>> = {},
  all: readonly Pick<Vendor, 'kind' | 'basePath' | 'keys'>[] = vendors,
): Readonly<Record<string, string>> {
  const entries = all.flatMap(({ kind, basePath, keys }) => {
    const prefix = kind.toUpperCase();
    const given = Object.entries({ ...keys, ...keysOf[kind] });
    return [
      [`${prefix}_BASE_URL`, `${origin}${basePath}`] as const,
      ...given.map(([name, value]) => [`${prefix}_${variableName(name)}`, value] as const),
    ];
  });
  return Object.fromEntries(entries);
}
