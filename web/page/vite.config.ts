import { fileURLToPath } from "node:url";

import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const server = process.env["ORAKGARAK_SERVER"] ?? "http://127.0.0.1:8080";

export default defineConfig({
  plugins: [react()],
  resolve: {
    alias: [
      { find: /^@orakgarak\/core\.wasm/, replacement: here("../../build/wasm/web/orakgarak_core.wasm") },
      { find: /^@orakgarak\/core$/, replacement: here("../core/src/core.ts") },
    ],
  },
  build: {
    outDir: here("../../build/web/page"),
    emptyOutDir: true,
    target: "es2023",
    // The content security policy allows no data: URLs for scripts, and one file more costs nothing.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  worker: { format: "es" },
  server: {
    fs: { allow: [here("../..")] },
    proxy: { "/v1": server, "/docs": server },
  },
  test: { include: ["src/**/*.test.ts"] },
});
