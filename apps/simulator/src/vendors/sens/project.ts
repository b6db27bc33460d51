import type { BlockList } from '../../state/block-list.js';
import type { Simulator } from '../../state/simulator.js';
import { ncpKeys } from '../ncp/keys.js';
import { ncpState } from '../ncp/state.js';
import { settingsOf, storeOf, type ConsoleTemplate } from './state.js';

/**
 * A migrated project has both APIs over one state (sens.md §0, §2.2): the numbers of v1's templates are v2's
 * `templateNo`, groups are those of v1's address book, and v1's unsubscribers get no advertisement from v2. Files that
 * were uploaded to v1 are the open question, so they have a switch. v1's commercial region is the project's.
 */
const V1 = { kind: ncpState.kind, scope: '/api/v1' } as const;

const isMigrated = (simulator: Simulator): boolean => settingsOf(simulator).project === 'migrated';

/** A template of the console, or one that v1 created and that is in use. */
export function templateOf(simulator: Simulator, templateNo: number): ConsoleTemplate | undefined {
  const ofConsole = storeOf(simulator).templates.get(templateNo);
  if (ofConsole !== undefined || !isMigrated(simulator)) return ofConsole;
  const node = simulator.storeOf(ncpState).templates.of(V1.scope).template(templateNo);
  if (node?.isUse !== true) return undefined;
  const { senderAddress, senderName, title, body } = node.content;
  return { templateNo, name: node.name, senderAddress, senderName, title, body };
}

/** The addresses of a group; `undefined`: there is none of this name. */
export function membersOf(simulator: Simulator, group: string): readonly string[] | undefined {
  const ofConsole = storeOf(simulator).groups.get(group);
  if (ofConsole !== undefined || !isMigrated(simulator)) return ofConsole;
  const book = simulator.storeOf(ncpState).addressBooks.of(V1.scope).settle(simulator.now());
  return book.hasGroup(group) ? book.select([group], false) : undefined;
}

/** Lists of people who want no advertisements. */
export const optOutsOf = (simulator: Simulator): readonly BlockList[] =>
  ['sens', ...(isMigrated(simulator) ? [V1.kind] : [])].map((kind) => simulator.blockListOf(kind));

/** A file that mail may refer to. */
export function fileOf(simulator: Simulator, fileId: string) {
  if (!isMigrated(simulator) || settingsOf(simulator).v1Files === 'unknown') return undefined;
  return simulator.files.find(V1.kind, V1.scope, fileId);
}

/** The settings by which an account of this vendor uses v1 of the same project. */
export const v1Access = (origin: string, keys: Readonly<Record<string, Readonly<Record<string, string>>>>) => {
  const { accessKey, secretKey } = { ...ncpKeys, ...keys[V1.kind] };
  return {
    SENS_V1_BASE_URL: `${origin}${V1.scope}`,
    SENS_V1_ACCESS_KEY: accessKey,
    SENS_V1_SECRET_KEY: secretKey,
  };
};
