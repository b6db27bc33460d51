// Lets Node run the test harness from its TypeScript sources: `./x.js` may be `./x.ts`, libs come from the build.
import { existsSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';

const root = new URL('../../', import.meta.url);

registerHooks({
  resolve(specifier, context, next) {
    const lib = /^@gateway\/([a-z-]+)$/.exec(specifier)?.[1];
    if (lib !== undefined) return next(new URL(`dist/libs/${lib}/src/index.js`, root).href, context);
    if (specifier.startsWith('.') && specifier.endsWith('.js') && context.parentURL?.endsWith('.ts')) {
      const source = new URL(specifier.replace(/\.js$/, '.ts'), context.parentURL);
      if (existsSync(fileURLToPath(source))) return next(source.href, context);
    }
    return next(specifier, context);
  },
});
