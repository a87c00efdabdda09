// The operators' page in a real browser against the real server: a take that was given up, a real Alertmanager.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { after, before, describe, test } from "node:test";

import {
  addOperator, assertSound, desktop, freePort, openBrowser, openPage, phone, programOfItsOwn, sampleOf, startServer, temporary, until,
} from "./harness.mjs";

const alertmanagerFile = "/usr/bin/prometheus-alertmanager";
const alertmanagerThere = fs.existsSync(alertmanagerFile);
const traceId = /^[0-9a-f]{32}$/;

let browser, server, program, alertmanager, alertmanagerUrl, token;

async function startAlertmanager() {
  const port = await freePort();
  alertmanagerUrl = `http://127.0.0.1:${port}`;
  if (!alertmanagerThere) return;
  const folder = fs.mkdtempSync(path.join(temporary, "alertmanager-"));
  const config = path.join(folder, "alertmanager.yml");
  fs.writeFileSync(config, "route:\n  receiver: nobody\nreceivers:\n  - name: nobody\n");
  alertmanager = spawn(alertmanagerFile, [
    `--config.file=${config}`, `--storage.path=${folder}`, `--web.listen-address=127.0.0.1:${port}`, "--cluster.listen-address=",
  ], { stdio: "ignore" });
  await until("Alertmanager", 60, async () => (await fetch(`${alertmanagerUrl}/-/ready`).catch(() => null))?.ok);
}

const fire = (labels, annotations) =>
  fetch(`${alertmanagerUrl}/api/v2/alerts`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify([{ labels, annotations, startsAt: new Date().toISOString() }]),
  });

/** SQL on the server's rows, beside it. */
function sql(statement) {
  const code = "import sqlite3, sys; db = sqlite3.connect(sys.argv[1], timeout=30); db.execute(sys.argv[2]); db.commit()";
  const done = spawnSync("python3", ["-c", code, path.join(server.data, "orakgarak.db"), statement], { encoding: "utf8" });
  assert.equal(done.status, 0, done.stderr);
}

const asOperator = (route) => fetch(server.url + route, { headers: { Authorization: `Bearer ${token}` } }).then((got) => got.json());
const letters = async () => (await asOperator("/v1/ops/dead-letters")).items;

/** A singer's take: its id. */
async function sing() {
  const { context, page } = await openPage(browser);
  await page.goto(`${server.url}/sing`);
  await page.getByRole("button", { name: "I agree" }).click();
  await page.getByLabel("Use a recording that I have").setInputFiles(sampleOf("tenor"));
  await page.waitForURL(/\/takes\//);
  const [upload] = await until("the take to arrive", 60, async () => {
    const { items } = await page.evaluate(async () => (await fetch("/v1/uploads")).json());
    return items.length === 1 && items[0].state !== "PENDING" && items;
  });
  await context.close();
  return upload.id;
}

/** The decoder is away, so converting fails; what is to be tried again later is tried again now. */
async function giveUp() {
  const known = (await letters()).map(({ id }) => id);
  const upload = await sing();
  await until("the dead letter", 120, async () => {
    sql("UPDATE jobs SET run_after = 0 WHERE worker IS NULL");
    return (await letters()).some(({ id }) => !known.includes(id));
  });
  return upload;
}

const card = (page, name) => page.locator("section").filter({ has: page.getByRole("heading", { level: 2, name, exact: true }) });

async function enter(page, words = { token: "Operator’s token", deadLetters: "Dead letters" }) {
  page.setDefaultTimeout(90_000); // other tests may want the processors
  await page.goto(`${server.url}/ops`);
  await page.getByLabel(words.token).fill(token);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: words.deadLetters }).waitFor();
}

before(async () => {
  await startAlertmanager();
  program = programOfItsOwn();
  program.takeDecoderAway();
  server = await startServer(["--alertmanager-url", `${alertmanagerUrl}/`], "127.0.0.1", program.file);
  token = addOperator(server, "tester");
  browser = await openBrowser(null);
});

after(async () => {
  await browser?.close();
  await server?.stop();
  alertmanager?.kill();
});

describe("the operators' page", { timeout: 500_000 }, () => {
  test("opens with a token alone, says plainly when it is wrong, and keeps it nowhere", async () => {
    const { context, page, faults } = await openPage(browser);
    await page.goto(`${server.url}/ops`);
    await page.getByLabel("Operator’s token").fill(token.replace(/^./, (c) => (c === "A" ? "B" : "A")));
    await page.keyboard.press("Enter");
    await page.getByText("This token is not known").waitFor();
    await assertSound(page, "ops-enter");
    await page.getByLabel("Operator’s token").fill(token);
    await page.keyboard.press("Enter");
    await page.getByText("No dead letters").waitFor();
    const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, location.href]));
    assert.ok(!kept.includes(token), kept);
    await page.reload();
    await page.getByLabel("Operator’s token").waitFor(); // it was in the page's memory only
    assert.deepEqual(faults, []);
    await context.close();
  });

  test("is not loaded by singers", async () => {
    const { context, page } = await openPage(browser);
    const loaded = [];
    page.on("request", (request) => loaded.push(request.url()));
    await page.goto(`${server.url}/`);
    await page.getByRole("heading", { level: 1 }).waitFor();
    assert.ok(loaded.some((url) => /\/index-[\w-]+\.js$/.test(url)), loaded.join("\n"));
    assert.ok(!loaded.some((url) => url.includes("ops_page")), loaded.join("\n"));
    await page.goto(`${server.url}/ops`);
    await page.getByLabel("Operator’s token").waitFor();
    assert.ok(loaded.some((url) => url.includes("ops_page")), loaded.join("\n"));
    await context.close();
  });

  test("shows the alerts of Alertmanager, and says so when it is away", { skip: !alertmanagerThere && "no Alertmanager is installed" }, async () => {
    const { context, page, faults } = await openPage(browser, { viewport: desktop });
    await enter(page);
    const alerts = card(page, "Alerts");
    await alerts.getByText("No alert fires").waitFor();
    await fire(
      { alertname: "KafkaDown", severity: "critical", instance: "127.0.0.1:9092" },
      { summary: "Takes are slow to start", action: "Look at the broker's log", runbook_url: "https://runbooks.example/#kafkadown" },
    );
    await alerts.getByText("KafkaDown").waitFor();
    await alerts.getByText("Takes are slow to start").waitFor();
    assert.equal(await alerts.getByRole("link", { name: "Runbook" }).getAttribute("href"), "https://runbooks.example/#kafkadown");
    const ended = new Promise((resolve) => alertmanager.once("exit", resolve));
    alertmanager.kill("SIGKILL");
    await ended;
    await alerts.getByText("Alertmanager gives no answer").waitFor();
    await card(page, "Queues").getByText("convert").waitFor(); // all else goes on
    assert.deepEqual(faults, []);
    await context.close();
  });

  test("replays a dead letter with a reason, which is recorded, and the take is completed", async () => {
    const upload = await giveUp();
    const { context, page, faults } = await openPage(browser, { viewport: desktop });
    await enter(page);
    const dead = card(page, "Dead letters");
    const line = dead.getByRole("listitem").filter({ hasText: upload });
    await line.getByText("convert: decoder_missing").waitFor();
    await line.getByText("4 attempts").waitFor();
    assert.match(await line.locator("code").nth(1).innerText(), traceId);
    await card(page, "Uploads").getByText(upload).waitFor(); // among the last errors
    const state = card(page, "Uploads by state");
    assert.match(await state.getByRole("row", { name: /^FAILED/ }).innerText(), /take 1\s+1/);

    assert.ok(await line.getByRole("button", { name: "Replay" }).isDisabled(), "a reason is needed");
    await line.getByLabel("Why").focus();
    await page.keyboard.type("the decoder is back");
    program.putDecoderBack();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter"); // the keyboard alone
    await page.getByText("It goes on.").waitFor();
    assert.equal(await page.evaluate(() => document.activeElement?.textContent), "Dead letters");
    const decided = card(page, "Decisions").getByRole("listitem");
    await decided.getByText("tester: replay").waitFor();
    await decided.getByText("the decoder is back").waitFor();
    await dead.getByText("No dead letters").waitFor();

    await page.getByLabel("Upload id").fill(upload);
    await page.keyboard.press("Enter");
    const one = card(page, "One upload");
    await one.getByText("COMPLETED").waitFor(); // it follows by itself
    const steps = await one.getByRole("listitem").allInnerTexts();
    assert.match(steps[0], /PENDING [\d.]+ (sec|min)/);
    assert.ok(steps.some((step) => step.includes("FAILED") && step.includes("decoder_missing")), steps.join("\n"));
    assert.match(await one.locator("code").innerText(), traceId);
    await card(page, "Memory").getByText("granted").waitFor();
    await card(page, "Consumer lag").getByRole("row").first().waitFor();
    await assertSound(page, "ops-desktop");
    assert.deepEqual(faults, []);
    await context.close();
  });

  test("discards one, and what another operator does is seen without a touch", async () => {
    program.takeDecoderAway();
    const upload = await giveUp();
    const mine = await openPage(browser, { colorScheme: "dark" });
    const another = await openPage(browser);
    await enter(mine.page);
    await enter(another.page);
    await assertSound(mine.page, "ops-phone-dark");
    const why = another.page.getByLabel("Why").first();
    await why.fill("a test");
    await card(another.page, "Dead letters").getByRole("button", { name: "Discard" }).click();
    await another.page.getByText("It is discarded.").waitFor();
    await card(mine.page, "Dead letters").getByText("No dead letters").waitFor();
    await card(mine.page, "Decisions").getByText("tester: discard").waitFor();
    assert.equal((await asOperator(`/v1/ops/uploads/${upload}`)).upload.state, "FAILED");
    program.putDecoderBack();
    for (const { context, faults } of [mine, another]) {
      assert.deepEqual(faults, []);
      await context.close();
    }
  });

  test("refreshes under what is being written, and keeps focus and scroll", async () => {
    const { context, page } = await openPage(browser, { viewport: phone });
    await page.clock.install();
    await enter(page);
    await card(page, "Alerts").getByText("Alertmanager gives no answer").waitFor();
    for (const name of ["Queues", "Uploads by state", "Memory", "Consumer lag", "Decisions", "Uploads"])
      await card(page, name).locator("tr, li, p").first().waitFor();
    const field = page.getByLabel("Upload id");
    await field.focus();
    await page.keyboard.type("half an ");
    assert.ok(await page.evaluate(() => scrollY > 0));
    const place = (await field.boundingBox()).y;
    const before = await page.getByText(/^As of/).innerText();
    await until("two refreshes", 60, async () => (await page.getByText(/^As of/).innerText()) !== before);
    assert.equal((await field.boundingBox()).y, place);
    await page.keyboard.type("id");
    assert.equal(await field.inputValue(), "half an id");
    await page.keyboard.press("Enter");
    await card(page, "One upload").getByText("There is no upload of this id").waitFor();

    let asked = 0;
    page.on("request", () => (asked += 1));
    await page.clock.fastForward(6_000);
    await until("one more refresh", 60, () => asked > 0);
    await page.getByLabel("Refresh every 5 seconds").uncheck();
    await page.waitForLoadState("networkidle");
    asked = 0;
    await page.clock.fastForward(60_000);
    await page.waitForLoadState("networkidle");
    assert.equal(asked, 0, "it was told to stop");
    await context.close();
  });

  test("asks for the token again once the operator is removed", async () => {
    const { context, page } = await openPage(browser);
    await enter(page);
    const removed = spawnSync(program.file, ["--data", server.data, "operators", "remove", "tester"], { encoding: "utf8" });
    assert.equal(removed.status, 0, removed.stderr);
    await page.getByText("The token is not known any more").waitFor();
    await page.getByLabel("Operator’s token").waitFor();
    token = addOperator(server, "tester");
    await context.close();
  });

  test("speaks Korean and Japanese", async () => {
    const words = { ko: { token: "운영자 토큰", deadLetters: "포기한 작업" }, ja: { token: "運用者トークン", deadLetters: "あきらめたジョブ" } };
    for (const [locale, names] of Object.entries(words)) {
      const { context, page, faults } = await openPage(browser, { locale });
      await enter(page, names);
      await page.getByText("COMPLETED").first().waitFor();
      await assertSound(page, `ops-${locale}`);
      assert.deepEqual(faults, []);
      await context.close();
    }
  });
});
