// A phone reaches this machine by its own address, and lets a page have the microphone under TLS only: from
// consent to the report in Chromium, by an address that is not loopback, with one certificate on both ports.
// The browser trusts that one certificate's key and no other.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash, X509Certificate } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";

import { openBrowser, openPage, picture, sampleOf, startServer, temporary } from "./harness.mjs";

const own = Object.values(os.networkInterfaces()).flat().find(({ family, internal }) => family === "IPv4" && !internal)?.address;

/** A certificate for this address, signed by itself. */
function certify(address) {
  const [certificate, key] = ["certificate.pem", "key.pem"].map((name) => path.join(temporary, name));
  const made = spawnSync("openssl", ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
    "-subj", `/CN=${address}`, "-addext", `subjectAltName=IP:${address}`, "-keyout", key, "-out", certificate], { encoding: "utf8" });
  assert.equal(made.status, 0, made.stderr);
  const spki = new X509Certificate(fs.readFileSync(certificate)).publicKey.export({ type: "spki", format: "der" });
  return { certificate, key, fingerprint: createHash("sha256").update(spki).digest("base64") };
}

test("from a phone's point of view", { timeout: 120000, skip: own ? false : "this machine has no address but loopback" }, async () => {
  const { certificate, key, fingerprint } = certify(own);
  const server = await startServer(["--tls-cert", certificate, "--tls-key", key], own);
  const browser = await openBrowser(sampleOf("tenor"), [`--ignore-certificate-errors-spki-list=${fingerprint}`]);
  try {
    const { context, page, faults } = await openPage(browser);
    await page.goto(`${server.url}/sing`);
    await page.getByRole("button", { name: /I agree/ }).click();
    await page.getByRole("button", { name: "Turn the microphone on" }).click();
    await page.locator("[data-delay-ms]").waitFor({ timeout: 30000 });
    await picture(page, "tls-microphone");

    const [cookie] = await context.cookies();
    assert.equal(cookie.name, "__Host-orakgarak_session");
    assert.ok(cookie.secure && cookie.httpOnly && cookie.sameSite === "Lax", JSON.stringify({ ...cookie, value: "" }));

    await page.getByRole("button", { name: /Go on/ }).click();
    const sent = page.waitForRequest((request) => new URL(request.url()).port === `${server.objectsPort}` && request.method() === "POST");
    const [chooser] = await Promise.all([
      page.waitForEvent("filechooser"), page.getByRole("button", { name: "Use a recording that I have" }).click(),
    ]);
    await chooser.setFiles(sampleOf("alto"));
    assert.equal(new URL((await sent).url()).protocol, "https:");
    await page.getByRole("link", { name: "Songs for this voice" }).waitFor({ timeout: 60000 });
    assert.deepEqual(faults, []);
  } finally {
    await browser.close();
    await server.stop();
  }
});
