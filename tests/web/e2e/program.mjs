// `orakgarak serve` on free ports with its data in a temporary folder, as a user would start it.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

export function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

/** objectsPort and publicObjects: where the store listens, and where browsers are told that it is. */
export async function serve({ objectsPort, publicObjects, more = [] } = {}) {
  const data = mkdtempSync(join(tmpdir(), "orakgarak-e2e-"));
  const store = objectsPort ?? (await freePort());
  const words = [
    "--data", data, "serve", "--listen", "127.0.0.1:0", "--objects-listen", `127.0.0.1:${store}`,
    "--page", process.env.ORAK_PAGE_BUILT, ...(publicObjects ? ["--public-objects-url", publicObjects] : []), ...more,
  ];
  const child = spawn(process.env.ORAKGARAK, words, { stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const url = await new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).on("line", (line) => {
      const said = /^Orakgarak is at +(\S+)/.exec(line);
      if (said) resolve(said[1]);
    });
    void ended.then((code) => reject(new Error(`orakgarak serve ended with ${code}`)));
  });
  return {
    url,
    data,
    async stop() {
      child.kill("SIGTERM");
      await ended;
      rmSync(data, { recursive: true, force: true });
    },
  };
}
