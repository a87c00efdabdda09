// A guest signs up and keeps everything, comes back from another browser, changes the password, ends sessions, and
// deletes the account; by mouse and by keyboard, in three languages, light and dark, on phone and desktop.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { assertSound, desktop, openBrowser, openPage, sampleOf, startServer } from "./harness.mjs";

let server, browser, wav;
before(async () => {
  server = await startServer();
  wav = sampleOf("tenor");
  browser = await openBrowser(null);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

const button = (page, name) => page.getByRole("button", { name, exact: true });
const takes = (page) => page.evaluate(async () => (await (await fetch("/v1/uploads")).json()).items.length);

async function fill(page, names, email, password) {
  await page.getByLabel(names.email).fill(email);
  await page.getByLabel(names.password, { exact: true }).fill(password);
}
const english = { email: "E-mail address", password: "Password" };

async function sendTake(page) {
  await page.goto(`${server.url}/sing`);
  const agree = page.getByRole("button", { name: /^I agree/ });
  const file = page.getByLabel("Use a recording that I have");
  await agree.or(file).first().waitFor();
  if (await agree.isVisible()) await agree.click();
  await file.setInputFiles(wav);
  await page.waitForURL(/\/takes\//);
  await page.getByRole("link", { name: "Songs for this voice" }).waitFor({ timeout: 60_000 });
}

test("a guest signs up and keeps its take; another browser brings its own", { timeout: 180_000 }, async () => {
  const first = await openPage(browser);
  await sendTake(first.page);
  await first.page.goto(`${server.url}/settings`);
  await first.page.getByText("You are here without an account").waitFor();
  await assertSound(first.page, "account-guest");
  await first.page.getByRole("link", { name: "Sign in or make an account" }).click();
  await first.page.getByLabel("New account").check();
  await first.page.getByText("stays yours").waitFor();
  await assertSound(first.page, "account-sign-up");
  await fill(first.page, english, "sora@example.org", "short");
  await button(first.page, "Make the account").click();
  assert.equal(await first.page.getByLabel("Password", { exact: true }).evaluate((field) => field.validity.tooShort), true);
  await fill(first.page, english, "not an address", "correct horse");
  await button(first.page, "Make the account").click();
  await first.page.getByRole("alert").getByText("no e-mail address").waitFor();
  await fill(first.page, english, "sora@example.org", "correct horse");
  await button(first.page, "Make the account").click();
  await first.page.waitForURL(/\/takes$/);
  assert.equal(await takes(first.page), 1);

  const second = await openPage(browser, { viewport: desktop, colorScheme: "dark" });
  await sendTake(second.page);
  await second.page.goto(`${server.url}/sign-in`);
  await second.page.getByText("goes into your account").waitFor();
  await fill(second.page, english, "sora@EXAMPLE.org", "wrong horse");
  await button(second.page, "Sign in").click();
  await second.page.getByRole("alert").getByText("is wrong").waitFor();
  await assertSound(second.page, "account-wrong-dark");
  assert.equal(await takes(second.page), 1, "and nothing has happened");
  await second.page.getByLabel("Password", { exact: true }).fill("correct horse");
  await second.page.keyboard.press("Enter");
  await second.page.waitForURL(/\/takes$/);
  assert.equal(await takes(second.page), 2, "both browsers' takes");
  await first.page.reload();
  await first.page.locator("main li").nth(1).waitFor();
  assert.equal(await takes(first.page), 2);
  for (const { context, faults } of [first, second]) {
    assert.deepEqual(faults, []);
    await context.close();
  }
});

test("the settings show where one is signed in, and end it there", { timeout: 90_000 }, async () => {
  const [first, second] = [await openPage(browser), await openPage(browser)];
  for (const { page } of [first, second]) {
    await page.goto(`${server.url}/sign-in`);
    await fill(page, english, "sora@example.org", "correct horse");
    await button(page, "Sign in").click();
    await page.waitForURL(/\/takes$/);
  }
  const { page } = first;
  await page.goto(`${server.url}/settings`);
  await page.getByText("sora@example.org").waitFor();
  await page.getByText("this browser", { exact: true }).waitFor();
  await assertSound(page, "account-settings");
  await button(page, "Sign out everywhere else").click();
  await button(page, "Sign out everywhere else").waitFor({ state: "detached" });
  const status = (of) => of.evaluate(async () => (await fetch("/v1/uploads")).status);
  assert.equal(await status(second.page), 401);
  assert.equal(await status(page), 200);

  await button(page, "Change the password").click();
  await page.getByLabel("Current password").fill("wrong horse");
  await page.getByLabel("New password").fill("battery staple");
  await button(page, "Change the password").click();
  await page.getByRole("alert").getByText("is wrong").waitFor();
  await page.getByLabel("Current password").fill("correct horse");
  await assertSound(page, "account-password");
  await button(page, "Change the password").click();
  await page.getByText("The password is changed").waitFor();
  assert.equal(await status(page), 200);

  await button(page, "Sign out").click();
  await page.getByText("Sign in again to see them").waitFor();
  await page.getByRole("dialog").getByRole("button", { name: "Sign out" }).click();
  await page.getByText("You are here without an account").waitFor();
  assert.equal(await status(page), 401);
  for (const { context, faults } of [first, second]) {
    assert.deepEqual(faults, []);
    await context.close();
  }
});

test("signed in, everything can be deleted with the account; by keyboard alone", { timeout: 90_000 }, async () => {
  const { context, page, faults } = await openPage(browser, { viewport: desktop });
  await page.goto(`${server.url}/sign-in`);
  await page.getByLabel("E-mail address").focus();
  await page.keyboard.type("sora@example.org");
  await page.keyboard.press("Tab");
  await page.keyboard.type("battery staple");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/takes$/);
  assert.equal(await takes(page), 2);
  await page.goto(`${server.url}/settings`);
  await page.getByText("sora@example.org").waitFor();
  await button(page, "Delete everything of mine").click();
  await page.getByText("your account, with its e-mail address").waitFor();
  await button(page, "Yes, delete").click();
  await page.getByText("Everything of yours is deleted").waitFor();
  await page.goto(`${server.url}/sign-in`);
  await fill(page, english, "sora@example.org", "battery staple");
  await button(page, "Sign in").click();
  await page.getByRole("alert").getByText("is wrong").waitFor();
  assert.deepEqual(faults, []);
  await context.close();
});

test("who was never here agrees before the account is made; in Korean and in Japanese", { timeout: 90_000 }, async () => {
  const words = {
    ko: { email: "이메일 주소", password: "비밀번호", up: "새 계정", agree: /동의하고/, make: "계정 만들기", taken: "이미 있어요" },
    ja: { email: "メールアドレス", password: "パスワード", up: "新しいアカウント", agree: /同意して/, make: "アカウントを作る", taken: "すでにあります" },
  };
  for (const [locale, names] of Object.entries(words)) {
    for (const [round, colorScheme] of ["light", "dark"].entries()) {
      const { context, page, faults } = await openPage(browser, { locale, colorScheme });
      await page.goto(`${server.url}/sign-in`);
      await page.getByLabel(names.up).check();
      await page.getByRole("button", { name: names.agree }).waitFor();
      await assertSound(page, `${locale}-account-agree-${colorScheme}`);
      assert.deepEqual(await context.cookies(), [], "nobody is made by looking");
      await page.getByRole("button", { name: names.agree }).click();
      await fill(page, names, `${locale}@example.org`, "오락가락オラッカラク");
      await assertSound(page, `${locale}-account-sign-up-${colorScheme}`);
      await button(page, names.make).click();
      if (round === 0) {
        await page.waitForURL(/\/takes$/);
        await page.goto(`${server.url}/settings`);
        await page.getByText(`${locale}@example.org`).waitFor();
        await assertSound(page, `${locale}-account-settings`);
      } else {
        await page.getByRole("alert").getByText(names.taken).waitFor();
      }
      assert.deepEqual(faults, []);
      await context.close();
    }
  }
});
