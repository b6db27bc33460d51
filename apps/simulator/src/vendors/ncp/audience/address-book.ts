/** A recipient group as summaries show it. */
export interface GroupSummary {
  readonly sid: number;
  readonly groupName: string;
  readonly addressCount: number;
}

/** Content of one createAddressBook call; `groupName` null: addresses without a group. */
export interface Registration {
  readonly groupName: string | null;
  readonly addresses: readonly string[];
}

interface Group {
  readonly sid: number;
  readonly members: Set<string>;
}

interface Pending {
  readonly dueAt: number;
  readonly registrations: readonly Registration[];
}

/**
 * The address book of one NCP region. Registration is asynchronous: it counts from its due time (epoch ms) on, worked
 * off when somebody looks. Addresses compare without case and are kept as first written.
 */
export class AddressBook {
  readonly #addresses = new Map<string, string>();
  readonly #groups = new Map<string, Group>();
  #pending: Pending[] = [];

  constructor(private readonly nextSid: () => number) {}

  registerAt(dueAt: number, registrations: readonly Registration[]): void {
    this.#pending.push({ dueAt, registrations });
  }

  /** Works off what is due; call it before every other method. */
  settle(now: number): this {
    const due = this.#pending.filter(({ dueAt }) => dueAt <= now);
    if (due.length === 0) return this;
    this.#pending = this.#pending.filter(({ dueAt }) => dueAt > now);
    for (const { registrations } of due) registrations.forEach((registration) => this.#register(registration));
    return this;
  }

  summary(): { readonly totalAddressCount: number; readonly groups: GroupSummary[] } {
    const groups = [...this.#groups].map(([groupName, { sid, members }]) => ({
      sid,
      groupName,
      addressCount: members.size,
    }));
    return { totalAddressCount: this.#addresses.size, groups };
  }

  hasGroup(groupName: string): boolean {
    return this.#groups.has(groupName);
  }

  /** The addresses of a group; all of the book without a name. */
  addressesOf(groupName?: string): string[] {
    const keys = groupName === undefined ? this.#addresses.keys() : this.#membersOf(groupName);
    return [...keys].map((key) => this.#addresses.get(key) ?? key);
  }

  /** Addresses that are in all of the groups, or in any of them; each once. */
  select(groupNames: readonly string[], inAll: boolean): string[] {
    const groups = groupNames.map((name) => this.#membersOf(name));
    const keys = new Set(groups.flatMap((members) => [...members]));
    const chosen = [...keys].filter((key) => !inAll || groups.every((members) => members.has(key)));
    return chosen.map((key) => this.#addresses.get(key) ?? key);
  }

  /** Takes addresses out of the book and of every group; gives how many were there. */
  removeAddresses(addresses: readonly string[]): number {
    const keys = new Set(addresses.map((address) => address.toLowerCase()));
    for (const { members } of this.#groups.values()) for (const key of keys) members.delete(key);
    return [...keys].filter((key) => this.#addresses.delete(key)).length;
  }

  /** Its addresses stay in the book. */
  removeGroup(groupName: string): void {
    this.#groups.delete(groupName);
  }

  /** Takes addresses, or all, out of a group; group and addresses stay. */
  leaveGroup(groupName: string, addresses?: readonly string[]): void {
    const members = this.#membersOf(groupName);
    if (addresses === undefined) members.clear();
    else for (const address of addresses) members.delete(address.toLowerCase());
  }

  /** Empties the book, groups too; gives how many addresses there were. */
  wipe(): number {
    const count = this.#addresses.size;
    this.#addresses.clear();
    this.#groups.clear();
    return count;
  }

  #membersOf(groupName: string): Set<string> {
    return this.#groups.get(groupName)?.members ?? new Set();
  }

  #register({ groupName, addresses }: Registration): void {
    const group = groupName === null ? undefined : (this.#groups.get(groupName) ?? this.#addGroup(groupName));
    for (const address of addresses) {
      const key = address.toLowerCase();
      if (!this.#addresses.has(key)) this.#addresses.set(key, address);
      group?.members.add(key);
    }
  }

  #addGroup(groupName: string): Group {
    const group = { sid: this.nextSid(), members: new Set<string>() };
    this.#groups.set(groupName, group);
    return group;
  }
}
