// What a singer does with an answer: hears its evidence, tries a song in other keys, says how it was, deletes
// everything; all of it on the server, and all but the sending on the device alone.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { assertSound, desktop, openBrowser, openPage, sampleOf, startServer, until } from "./harness.mjs";

let server, browser, wav;
before(async () => {
  server = await startServer();
  wav = sampleOf("alto");
  browser = await openBrowser(null);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

const button = (page, name) => page.getByRole("button", { name });

async function chooseFile(page, label = "Use a recording that I have") {
  await page.getByLabel(label).setInputFiles(wav);
  await page.waitForURL(/\/takes\//);
}

/** From the result of a take to a song, and what one says of it. */
async function fromResultToSong(page, names) {
  await button(page, `${names.listen}: ${names.lowest}`).click();
  await button(page, `${names.stop}: ${names.lowest}`).waitFor();
  await page.getByRole("link", { name: names.songs }).click();
  await page.locator("main ol > li").first().waitFor();
  await assertSound(page, `${names.shot}-songs`);
  await button(page, names.tooHard).first().click();
  await page.getByText(names.noted).waitFor();
  await page.locator("main ol > li h3 a").first().click();
  const slider = page.getByRole("slider", { name: names.key });
  await slider.focus();
  const before = await slider.inputValue();
  await page.keyboard.press("ArrowRight");
  assert.equal(Number(await slider.inputValue()), Number(before) + 1, "a keyboard changes the key");
  assert.match(await slider.getAttribute("aria-valuetext"), /\d+ ± \d+/);
  assert.equal(await button(page, names.tooHard).getAttribute("aria-pressed"), "true", "what was said is remembered");
  await assertSound(page, `${names.shot}-song`);
}

const english = {
  listen: "Listen", stop: "Stop", lowest: "Lowest", songs: "Songs for this voice", tooHard: "Too hard",
  noted: "Your range follows what you say", key: "Choose the key",
};

test("on the device alone nothing is sent, and range and songs are there", { timeout: 90_000 }, async () => {
  const { context, page, faults } = await openPage(browser);
  const unsafe = [];
  page.on("request", (request) => request.method() !== "GET" && unsafe.push(`${request.method()} ${request.url()}`));
  await page.goto(`${server.url}/settings`);
  await page.getByLabel("In this browser").check();
  await assertSound(page, "device-settings");
  await page.goto(`${server.url}/sing`);
  await chooseFile(page);
  await page.getByText("Nothing was sent").waitFor();
  await assertSound(page, "device-take");
  await fromResultToSong(page, { ...english, shot: "device" });
  assert.deepEqual(unsafe, []);
  assert.deepEqual(await context.cookies(), []);
  assert.deepEqual(faults, []);
  await context.close();
});

test("a wrong end is struck out, and everything is deleted", { timeout: 90_000 }, async () => {
  const { context, page, faults } = await openPage(browser, { viewport: desktop });
  await page.goto(`${server.url}/sing`);
  await button(page, "I agree").click();
  await chooseFile(page);
  await button(page, "This is wrong: Highest").click({ timeout: 30_000 });
  await page.getByText("Struck out").waitFor();
  const uploads = async () => (await page.evaluate(async () => (await fetch("/v1/uploads")).json())).items;
  assert.deepEqual((await uploads())[0].struck, ["highest"]);
  await button(page, "It was right: Highest").click();
  await button(page, "This is wrong: Highest").waitFor();
  await fromResultToSong(page, { ...english, shot: "server" });

  await page.goto(`${server.url}/settings`);
  await button(page, "Delete everything").click();
  await assertSound(page, "delete-everything");
  await button(page, "Yes, delete").click();
  await page.getByText("Everything of yours is deleted").waitFor();
  const status = await page.evaluate(async () => (await fetch("/v1/uploads")).status);
  assert.equal(status, 401);
  await page.goto(`${server.url}/takes`);
  await page.getByText("No takes yet").waitFor();
  assert.deepEqual(faults, []);
  await context.close();
});

test("the same in Korean and in Japanese", { timeout: 120_000 }, async () => {
  const words = {
    ko: {
      agree: "동의하고", file: "가지고 있는 녹음 쓰기", listen: "들어 보기", stop: "멈춤", lowest: "최저음",
      songs: "내 목소리에 맞는 노래", tooHard: "힘들어요", noted: "평가에 따라 음역이", key: "키 고르기", note: /\d옥타브 [도레미파솔라시]/,
    },
    ja: {
      agree: "同意して", file: "手元の録音を使う", listen: "聴く", stop: "停止", lowest: "最低音",
      songs: "この声に合う曲", tooHard: "きつい", noted: "評価に合わせて音域が", key: "キーを選ぶ", note: /(low|mid1|mid2|hi)[A-G]/,
    },
  };
  for (const [locale, names] of Object.entries(words)) {
    const { context, page, faults } = await openPage(browser, { locale });
    await page.goto(`${server.url}/sing`);
    await button(page, names.agree).click();
    await chooseFile(page, names.file);
    await page.getByRole("link", { name: names.songs }).waitFor({ timeout: 30_000 });
    assert.match(await page.locator("main").innerText(), names.note);
    await assertSound(page, `${locale}-take`);
    await fromResultToSong(page, { ...names, shot: locale });
    assert.deepEqual(faults, []);
    await context.close();
  }
});

test("an error shows the number by which the server's log tells of it", { timeout: 60_000 }, async () => {
  const strict = await startServer(["--sessions-an-hour", "1"]);
  try {
    for (const refused of [false, true]) {
      const { context, page, faults } = await openPage(browser, { locale: "ko-KR" });
      await page.goto(`${strict.url}/sing`);
      await button(page, "동의하고").click();
      if (refused) {
        const note = page.getByText("서버 운영자에게 알려 줄 번호");
        await note.waitFor();
        await assertSound(page, "refused");
        const [number] = /[0-9a-f]{32}/.exec(await note.textContent());
        const line = await until("the line", 10, () => strict.said().split("\n").find((one) => one.includes(number)));
        assert.equal(JSON.parse(line).status, 429);
      } else {
        await page.getByLabel("가지고 있는 녹음 쓰기").waitFor({ state: "attached" });
      }
      assert.deepEqual(faults, []);
      await context.close();
    }
  } finally {
    await strict.stop();
  }
});
