import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'

const node = process.env.FENGSUI_NODE ?? 'http://127.0.0.1:8200'

export default defineConfig({
  plugins: [vue()],
  define: { __VUE_I18N_LEGACY_API__: false, __INTLIFY_PROD_DEVTOOLS__: false, __VUE_OPTIONS_API__: true },
  build: {
    target: 'chrome87', // browsers of the field lag behind
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0, // nothing inline: the page's policy allows only files of its own
    reportCompressedSize: false,
  },
  worker: { format: 'es' },
  server: { proxy: Object.fromEntries(['/api', '/docs', '/openapi.json', '/healthz'].map((p) => [p, node])) },
})
