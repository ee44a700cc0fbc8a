import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Replaced by the server in each answer, so that Mantine's style elements pass `style-src 'nonce-…'`. */
const noncePlaceholder = '__CSP_NONCE__';

/** Everything is an external file of this origin: the page runs under `script-src 'self'`. */
export default defineConfig({
  plugins: [react()],
  html: { cspNonce: noncePlaceholder },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
  },
});
