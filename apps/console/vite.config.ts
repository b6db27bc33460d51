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
    target: 'es2022',
    // A data URL would need an exception in the content security policy.
    assetsInlineLimit: 0,
    // bundle-size.spec.ts reads which files the first page loads.
    manifest: 'manifest.json',
    reportCompressedSize: false,
  },
});
