// Recordings that are named and heard again, albums that are made, given away and taken back, pages of people: in
// Chromium against the real server, with a stranger in a browser of their own.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { crc32, deflateSync } from "node:zlib";

import { assertSound, desktop, openBrowser, openPage, phone, sampleOf, startServer, temporary, until } from "./harness.mjs";

let server, browser;
const wavs = [];
before(async () => {
  server = await startServer();
  wavs.push(sampleOf("alto", 1), sampleOf("alto", 2));
  browser = await openBrowser(null);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

const button = (page, name) => page.getByRole("button", { name });

/** A picture of one colour. */
function png(name, size = 400) {
  const chunk = (type, data) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const out = Buffer.alloc(body.length + 8);
    out.writeUInt32BE(data.length, 0);
    body.copy(out, 4);
    out.writeUInt32BE(crc32(body), body.length + 4);
    return out;
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(size, 0);
  head.writeUInt32BE(size, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const row = Buffer.concat([Buffer.from([0]), Buffer.alloc(size * 3, 0x80)]);
  const file = path.join(temporary, name);
  const pixels = deflateSync(Buffer.concat(Array(size).fill(row)));
  writeFileSync(file, Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), chunk("IHDR", head), chunk("IDAT", pixels), chunk("IEND", Buffer.alloc(0))]));
  return file;
}

/** A person with finished takes; ends on the page of the last. */
async function singer({ takes = 1, agree = "I agree", file = "Use a recording that I have", ...how } = {}) {
  const opened = await openPage(browser, how);
  const { page } = opened;
  const ids = [];
  for (let i = 0; i < takes; ++i) {
    await page.goto(`${server.url}/sing`);
    if (i === 0) await button(page, agree).click();
    await page.getByLabel(file).setInputFiles(wavs[i]);
    await page.waitForURL(/\/takes\//);
    ids.push(
      await until("the take", 60, () =>
        page.evaluate(async (n) => {
          const { items } = await (await fetch("/v1/recordings")).json();
          return items.length === n && items[0].id;
        }, i + 1),
      ),
    );
  }
  return { ...opened, ids };
}

/** Chooses it; it is chosen once the server has agreed. */
async function chosen(page, label) {
  const choice = page.getByLabel(label);
  await choice.click();
  await until(label, 10, () => choice.isChecked());
}

async function call(page, method, target, body) {
  return page.evaluate(
    async ([method, target, body]) => {
      const sent = body === undefined ? {} : { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } };
      const got = await fetch(target, { method, ...sent });
      return { status: got.status, json: await got.json().catch(() => null) };
    },
    [method, target, body],
  );
}

const position = async (page) => Number(await page.getByRole("slider", { name: "Position in the recording" }).inputValue());

test("a recording is named, heard, kept, and shown once its singer has a nickname", { timeout: 120_000 }, async () => {
  const { context, page, faults } = await singer({ viewport: desktop });
  await page.getByRole("heading", { name: "This recording" }).waitFor({ timeout: 30_000 });
  await page.getByLabel("Title", { exact: true }).fill("Spring");
  await button(page, "Save").click();
  await page.getByText("Saved.").waitFor();
  await button(page, "Play: Spring").click();
  await button(page, "Pause: Spring").waitFor();
  await until("the sound", 20, async () => (await position(page)) > 0.5);
  const slider = page.getByRole("slider", { name: "Position in the recording" });
  const before = await position(page);
  await slider.focus();
  for (let i = 0; i < 4; ++i) await page.keyboard.press("PageUp"); // a tenth of it each
  await until("the other place", 10, async () => (await position(page)) > before + 3);
  assert.match(await slider.getAttribute("aria-valuetext"), /^\d+:\d\d \/ \d+:\d\d$/);
  const [download] = await Promise.all([page.waitForEvent("download"), button(page, "Download").click()]);
  assert.equal(download.suggestedFilename(), "Spring.wav");

  await page.getByLabel("Show it to others on my page").click();
  await page.getByText("Choose a nickname first").waitFor();
  await assertSound(page, "recording");
  await page.getByRole("link", { name: "Choose a nickname" }).click();
  const nickname = page.getByLabel("Nickname");
  await nickname.fill("a b");
  await button(page, "Save").click();
  await page.getByRole("alert").filter({ hasText: "A nickname has" }).waitFor();
  await nickname.fill("Kim");
  await page.getByLabel("About you").fill("I sing\non Sundays.");
  for (const item of ["My range", "The colour of my voice", "Recordings that I show"]) await page.getByLabel(item).check();
  await button(page, "Save").click();
  await page.getByText("Saved.").waitFor();
  await assertSound(page, "profile-settings");
  await page.goBack();
  await chosen(page, "Show it to others on my page");
  await page.getByText("Saved.").waitFor();

  const stranger = await openPage(browser, { viewport: phone, colorScheme: "dark" });
  await stranger.page.goto(`${server.url}/people/ｋｉｍ`);
  await stranger.page.getByRole("heading", { name: "Kim", level: 1 }).waitFor();
  await stranger.page.getByText("on Sundays.").waitFor();
  await button(stranger.page, "Play: Spring").click();
  await button(stranger.page, "Pause: Spring").waitFor();
  await assertSound(stranger.page, "person-dark");
  assert.deepEqual(await stranger.context.cookies(), [], "who listens needs no session");
  await page.getByLabel("Show it to others on my page").uncheck();
  await page.getByText("Saved.").waitFor();
  await stranger.page.reload();
  await stranger.page.getByText("on Sundays.").waitFor();
  assert.equal(await button(stranger.page, "Play: Spring").count(), 0);
  await stranger.page.goto(`${server.url}/people/nobody-here`);
  await stranger.page.getByRole("heading", { name: "There is nobody of this nickname" }).waitFor();
  assert.deepEqual([...faults, ...stranger.faults], []);
  await stranger.context.close();
  await context.close();
});

test("an album is put into order, heard through, given away, published, taken back, deleted", { timeout: 180_000 }, async () => {
  const { context, page, faults, ids } = await singer({ takes: 2, viewport: desktop, permissions: ["clipboard-read", "clipboard-write"] });
  for (const [i, title] of ["One", "Two"].entries()) await call(page, "PATCH", `/v1/recordings/${ids[i]}`, { title });
  await call(page, "PUT", "/v1/me/profile", { nickname: "albums" });
  await page.goto(`${server.url}/albums`);
  await page.getByText("No albums yet.").waitFor();
  await page.getByRole("link", { name: "New album" }).click();
  await button(page, "Save").click();
  await page.getByRole("alert").filter({ hasText: "Give the album a title" }).waitFor();
  await page.getByLabel("Title of the album").fill("Both");
  await button(page, "Save").click();
  await page.getByRole("alert").filter({ hasText: "Add at least one recording" }).waitFor();
  await button(page, "Add: One").click();
  await button(page, "Add: Two").click();
  await page.getByText("All of your recordings are in the album.").waitFor();

  const order = () => page.getByRole("list", { name: "Tracks, in their order" }).getByRole("listitem").allInnerTexts();
  const first = async () => (await order())[0].split("\n")[0];
  await button(page, /^Move One/).focus();
  await page.keyboard.press("ArrowDown");
  assert.equal(await first(), "Two");
  await page.getByRole("status").filter({ hasText: "One is now at place 2 of 2" }).waitFor({ state: "attached" });
  assert.match(await page.evaluate(() => document.activeElement.getAttribute("aria-label")), /^Move One, place 2 of 2/, "the focus goes along");
  const [from, to] = [await button(page, /^Move One/).boundingBox(), await button(page, /^Move Two/).boundingBox()];
  await page.mouse.move(from.x + 10, from.y + 10);
  await page.mouse.down();
  await page.mouse.move(to.x + 10, to.y + 5, { steps: 5 });
  await page.mouse.up();
  assert.equal(await first(), "One", "and a pointer drags");
  await button(page, "Take out: Two").click();
  await button(page, "Add: Two").click();

  await page.getByLabel("Choose a picture").setInputFiles(png("cover.png"));
  await button(page, "Take the picture away").waitFor({ timeout: 30_000 });
  await page.getByLabel("About it").fill("Two takes of one day.");
  await page.getByLabel("Language of the songs").selectOption("ko");
  await assertSound(page, "album-editor");
  await button(page, "Save").click();
  await page.getByRole("heading", { name: "Both", level: 1 }).waitFor();
  await page.waitForFunction(() => document.querySelector("main img")?.naturalWidth > 300);
  const id = page.url().split("/").at(-1);

  await button(page, "Play all").click();
  await until("the first track", 20, async () => (await position(page)) > 0.3);
  await page.getByRole("slider", { name: "Position in the recording" }).focus();
  await page.keyboard.press("End");
  await button(page, "Pause: Two").waitFor({ timeout: 20_000 });
  await until("the second track", 20, async () => (await position(page)) > 0.3);
  await button(page, "Pause: Two").click();
  await assertSound(page, "album");

  const stranger = await openPage(browser);
  const seen = async (address) => {
    await stranger.page.goto(address);
    await stranger.page.getByRole("heading", { level: 1, name: /Both|There is no such album/ }).waitFor();
    return (await stranger.page.getByRole("heading", { level: 1 }).innerText()) === "Both";
  };
  const plain = `${server.url}/albums/${id}`;
  assert.equal(await seen(plain), false, "a draft is its owner's alone");
  await chosen(page, "By link");
  await button(page, "Copy the link").click();
  await page.getByText("Copied.").waitFor();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  await assertSound(page, "album-link");
  assert.equal(await seen(link), true);
  await button(stranger.page, "Play: Two").click();
  await button(stranger.page, "Pause: Two").waitFor();
  await assertSound(stranger.page, "album-stranger");
  assert.equal(await seen(plain), false);
  await chosen(page, "Draft");
  await page.getByText("You alone see it.").waitFor();
  assert.equal(await seen(link), false, "its link is taken back");
  await chosen(page, "Published");
  await page.getByText("Everybody sees it").waitFor();
  assert.equal(await seen(plain), true);
  await stranger.page.getByRole("link", { name: "by albums" }).click();
  await stranger.page.getByRole("link", { name: "Both" }).waitFor();

  await button(page, "Delete album").click();
  await button(page, "Yes, delete").click();
  await page.getByText("No albums yet.").waitFor();
  assert.equal(await seen(plain), false);
  assert.equal((await call(page, "GET", "/v1/recordings")).json.items.length, 2, "recordings stay");
  assert.deepEqual([...faults, ...stranger.faults], []);
  await stranger.context.close();
  await context.close();
});

test("the same in Korean and in Japanese, on a phone, in the dark", { timeout: 180_000 }, async () => {
  const words = {
    ko: { agree: "동의하고", file: "가지고 있는 녹음 쓰기", title: "앨범 제목", add: /^넣기/, save: "저장", play: "모두 재생", state: "공개", nickname: "별명", needs: "먼저 별명을 정해 주세요", page: "내 페이지" },
    ja: { agree: "同意して", file: "手元の録音を使う", title: "アルバムのタイトル", add: /^入れる/, save: "保存", play: "すべて再生", state: "公開", nickname: "ニックネーム", needs: "先にニックネームを決めて", page: "マイページ" },
  };
  for (const [locale, names] of Object.entries(words)) {
    const { context, page, faults } = await singer({ locale, colorScheme: "dark", agree: names.agree, file: names.file });
    await page.goto(`${server.url}/albums/new`);
    await page.getByLabel(names.title).fill("모음 アルバム");
    await button(page, names.add).click();
    await assertSound(page, `${locale}-album-editor`);
    await button(page, names.save).click();
    await button(page, names.play).waitFor();
    await page.getByLabel(names.state, { exact: true }).click(); // refused, so it does not stay chosen
    await page.getByText(names.needs).waitFor();
    await assertSound(page, `${locale}-album`);
    await page.goto(`${server.url}/settings`);
    await page.getByRole("heading", { name: names.page }).waitFor();
    await page.getByLabel(names.nickname).fill(`노래-${locale}`);
    await assertSound(page, `${locale}-settings`);
    await page.goto(`${server.url}/albums`);
    await page.getByRole("link", { name: "모음 アルバム" }).waitFor();
    await assertSound(page, `${locale}-albums`);
    assert.deepEqual(faults, []);
    await context.close();
  }
});
