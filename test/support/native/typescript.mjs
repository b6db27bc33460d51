// Lets Node load the TypeScript sources of tests and of what they test: `./x.js` may be `./x.ts`, `@gateway/x` is the
// source of a lib, and `@jest/globals` is what Jest gives to the test file that runs.
import { existsSync, readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import { transformSync } from '@swc/core';

const root = new URL('../../../', import.meta.url);
/** Replaced by globals.mjs, under its own name: Jest leaves `node_modules` out of the stacks that it shows. */
const globals = import.meta.resolve('@jest/globals');

const swc = {
  swcrc: false,
  sourceMaps: 'inline',
  module: { type: 'es6' },
  jsc: {
    target: 'es2024',
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true },
    keepClassNames: true,
  },
};

registerHooks({
  resolve(specifier, context, next) {
    const lib = /^@gateway\/([a-z-]+)$/.exec(specifier)?.[1];
    if (lib !== undefined) return { url: new URL(`libs/${lib}/src/index.ts`, root).href, shortCircuit: true };
    if (specifier.startsWith('.') && isTypeScript(context.parentURL ?? '')) {
      // The console names its modules without an extension, as its bundler wants it.
      const source = new URL(`${specifier.replace(/\.js$/, '')}.ts`, context.parentURL);
      if (existsSync(source)) return { url: source.href, format: 'module', shortCircuit: true };
    }
    return next(specifier, context);
  },
  load(url, context, next) {
    if (url === globals) return module(readFileSync(new URL('globals.mjs', import.meta.url)));
    if (!isTypeScript(url)) return next(url, context);
    const filename = fileURLToPath(url);
    return module(transformSync(readFileSync(filename, 'utf8'), { ...swc, filename }).code);
  },
});

const module = (source) => ({ format: 'module', source, shortCircuit: true });

/** A test file has a query, too. */
const isTypeScript = (url) => /\.ts(\?|$)/.test(url) && !url.includes('/node_modules/');

process.setSourceMapsEnabled(true);
