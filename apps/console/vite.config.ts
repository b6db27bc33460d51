import { join } from 'node:path';
import { defineConfig } from 'vite';

const root = import.meta.dirname;

export default defineConfig({
  root,
  base: '/dashboard/',
  // The api writes a nonce of its own into each answer (apps/api/src/console/install-console.ts).
  html: { cspNonce: '__CSP_NONCE__' },
  resolve: {
    alias: { '@gateway/client': join(root, '../../libs/client/src/index.ts') },
  },
  build: {
    outDir: join(root, '../../dist/console'),
    emptyOutDir: true,
    // Browsers that know light-dark(), which an older target would replace by something that forgets the chosen theme.
    target: ['chrome123', 'firefox120', 'safari17.5'],
    // A data URL would need an exception in the content security policy.
    assetsInlineLimit: 0,
    // bundle-size.spec.ts reads which files the first page loads.
    manifest: 'manifest.json',
    reportCompressedSize: false,
  },
});
