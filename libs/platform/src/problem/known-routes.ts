interface Route {
  readonly method: string | readonly string[];
  readonly url: string;
}

/** Remembers the routes of the server, to tell a wrong method on a known path (405) from an unknown path (404). */
export class KnownRoutes {
  private readonly routes = new Map<string, { readonly pattern: RegExp; readonly methods: Set<string> }>();

  add({ method, url }: Route): void {
    const known = this.routes.get(url) ?? { pattern: patternOf(url), methods: new Set<string>() };
    for (const name of typeof method === 'string' ? [method] : method) known.methods.add(name);
    this.routes.set(url, known);
  }

  /** Methods that some route takes for this path, sorted; empty for an unknown path. */
  methodsFor(path: string): readonly string[] {
    const methods = new Set<string>();
    for (const route of this.routes.values()) {
      if (route.pattern.test(path)) for (const name of route.methods) methods.add(name);
    }
    return [...methods].sort();
  }
}

// Wildcard routes (static files, middleware, `OPTIONS *`) say nothing about one path.
const NEVER = /(?!)/;

const patternOf = (url: string): RegExp => {
  if (url.includes('*')) return NEVER;
  const parts = url
    .split('/')
    .map((part) => (part.startsWith(':') ? '[^/]+' : part.replace(/[$()*+.?[\\\]^{|}-]/g, '\\$&')));
  return new RegExp(`^${parts.join('/')}$`);
};
