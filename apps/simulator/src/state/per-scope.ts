/** One store for each scope (NCP region, NHN app key), made when it is first asked for. */
export class PerScope<Store> {
  #stores = new Map<string, Store>();

  constructor(private readonly make: () => Store) {}

  of(scope: string): Store {
    const known = this.#stores.get(scope);
    if (known !== undefined) return known;
    const store = this.make();
    this.#stores.set(scope, store);
    return store;
  }

  all(): [scope: string, store: Store][] {
    return [...this.#stores];
  }

  clear(): void {
    this.#stores.clear();
  }
}
