// Debian's Chromium, driven by the page's own playwright-core. A fake microphone plays a WAV file where one is
// named.
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const page = fileURLToPath(new URL("../../../web/page/package.json", import.meta.url));
export const require = createRequire(page);

/** Ends the test run as skipped where something that it needs is not there. */
export function skip(why) {
  console.log(`skipped: ${why}`);
  process.exit(77);
}

export async function launch({ microphone = null } = {}) {
  let chromium;
  try {
    ({ chromium } = require("playwright-core"));
  } catch {
    skip("the page's packages are not installed; run npm ci in web/page");
  }
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync",
      ...(microphone
        ? ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream", `--use-file-for-fake-audio-capture=${microphone}`]
        : []),
    ],
  });
}
