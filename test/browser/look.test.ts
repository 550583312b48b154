/** The page of a counterexample in a real browser, with real keys and clicks. */
import * as fs from "node:fs";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launch, look } from "./chromium.ts";

const lasso = "corpus/cma--pins-stop-no-tagged-access";
const sleeps = "corpus/cma--nothing-sleeps-in-atomic-context";
let browser: Browser;

beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser?.close());

const at = (page: Page): Promise<string | null> => page.textContent("#at");
const chosen = (page: Page): Promise<string[]> =>
  page.$$eval(".step.chosen", (rows) => rows.map(({ id }) => id));
const card = (page: Page, subject: string): Promise<string | null> =>
  page.textContent(`[data-subject="${subject}"]`);
const press = async (page: Page, ...keys: readonly string[]): Promise<void> => {
  for (const key of keys) await page.keyboard.press(key);
};
const paper = (page: Page): Promise<string> =>
  page.evaluate("getComputedStyle(document.body).backgroundColor");

test("it opens before the first step, from its top, and asks for nothing", async () => {
  const { page, requests, errors } = await look(browser, sleeps);
  expect(await at(page)).toBe("step 0 of 18");
  expect(await page.evaluate("scrollY")).toBe(0);
  expect(await card(page, "frame 0")).toMatch(/^frame 0: free/);
  expect(requests).toEqual([]);
  expect(errors).toEqual([]);
  await page.close();
});

test("keys step through it, and what a step changed stands out", async () => {
  const { page } = await look(browser, sleeps);
  await press(page, "ArrowDown");
  expect(await chosen(page)).toEqual(["step-1"]);
  expect(await card(page, "frame 0")).toMatch(/^frame 0statefree -> busy/);
  expect(await page.$$eval(".part.changed", (rows) => rows.length)).toBe(1);
  await press(page, "j", "ArrowRight", "k", "ArrowUp");
  expect(await at(page)).toBe("step 1 of 18");
  await press(page, "End", "ArrowDown");
  expect(await at(page)).toBe("step 18 of 18");
  expect(await page.isVisible("#step-18 .event.wrong")).toBe(true);
  await press(page, "Home", "ArrowUp");
  expect(await at(page)).toBe("step 0 of 18");
  await page.close();
});

test("a click chooses a step, buttons go on from it, and the address keeps it", async () => {
  const { page } = await look(browser, sleeps);
  await page.click("#step-9");
  expect(await chosen(page)).toEqual(["step-9"]);
  expect(await page.isVisible("#step-9 .changes")).toBe(true);
  expect(await page.isVisible("#step-8 .changes")).toBe(false);
  await page.click("#next");
  expect(page.url()).toMatch(/#step-10$/);
  await page.reload();
  expect(await at(page)).toBe("step 10 of 18");
  await page.click("#previous");
  await page.click("#last");
  await page.click("#first");
  expect(await at(page)).toBe("step 0 of 18");
  await page.close();
});

test("behind the last step of a loop comes its first, and the loop is drawn round them", async () => {
  const { page } = await look(browser, lasso);
  await press(page, "End", "ArrowDown");
  expect(await at(page)).toBe("step 21 of 46");
  const heights = await page.evaluate<
    number[]
  >(`["#step-21", ".loop", "#step-46"].flatMap((each) => {
    const { top, bottom } = document.querySelector(each).getBoundingClientRect();
    return [top, bottom];
  })`);
  const [first = 0, , loopTop = 0, loopBottom = 0, , last = 0] = heights;
  expect(Math.abs(loopTop - first)).toBeLessThan(20);
  expect(Math.abs(loopBottom - last)).toBeLessThan(20);
  await page.close();
});

test("a page is followed to its frame and its storage, through the steps that concern it", async () => {
  const { page } = await look(browser, lasso);
  await press(page, "End", "f");
  expect(await page.inputValue("#follow")).toBe("page 0");
  const near = await page.$$eval(".card.followed", (cards) =>
    cards.map((each) => each.getAttribute("data-subject")),
  );
  expect(near).toEqual(["page 0", "frame 0", "storage page 0"]);
  await page.click('[data-subject="page 1"]');
  expect(await page.inputValue("#follow")).toBe("page 1");
  await press(page, "Home", "n");
  const first = await at(page);
  await press(page, "n", "p");
  expect(await at(page)).toBe(first);
  await page.selectOption("#follow", "storage page 0");
  expect(await page.$$eval(".step.followed", (rows) => rows.length)).toBeGreaterThan(0);
  await page.click("h1");
  await press(page, "Escape");
  expect(await page.$$eval(".step.followed, .card.followed", (all) => all.length)).toBe(0);
  await page.close();
});

test("light and dark follow the reader, and t turns them", async () => {
  const light = await look(browser, sleeps);
  const dark = await look(browser, sleeps, "dark");
  const [white, black] = [await paper(light.page), await paper(dark.page)];
  expect(white).not.toBe(black);
  await press(light.page, "t");
  expect(await paper(light.page)).toBe(black);
  await dark.page.click("#theme");
  expect(await paper(dark.page)).toBe(white);
  await light.page.close();
  await dark.page.close();
});

test("on paper it is light, whatever the reader has", async () => {
  const ink = (page: Page): Promise<string> =>
    page.evaluate("getComputedStyle(document.body).color");
  const light = await look(browser, sleeps);
  const dark = await look(browser, sleeps, "dark");
  expect(await ink(dark.page)).not.toBe(await ink(light.page));
  await press(dark.page, "t", "t");
  await dark.page.emulateMedia({ media: "print" });
  expect(await ink(dark.page)).toBe(await ink(light.page));
  await light.page.close();
  await dark.page.close();
});

test("on paper every step tells its changes, and nothing is left to press", async () => {
  const { page } = await look(browser, sleeps);
  await page.emulateMedia({ media: "print" });
  expect(await page.isVisible("#step-3 .changes")).toBe(true);
  expect(await page.isVisible("#controls")).toBe(false);
  const paperFile = await page.pdf({ format: "A4" });
  expect(paperFile.length).toBeGreaterThan(20_000);
  await page.close();
});

test("a run without steps, and one on a narrow screen", async () => {
  const { page, errors } = await look(browser, "corpus/cma--every-page-can-be-tagged");
  await press(page, "ArrowDown", "End", "f", "n");
  expect(await at(page)).toBe("step 0 of 0");
  expect(errors).toEqual([]);
  await page.close();
  const narrow = await look(browser, sleeps);
  await narrow.page.setViewportSize({ width: 420, height: 800 });
  expect(await narrow.page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(
    420,
  );
  await narrow.page.close();
});

test("a picture of it, to be looked at", async () => {
  const { page } = await look(browser, lasso);
  await press(page, "End", "ArrowDown", "f");
  fs.mkdirSync("reports/browser", { recursive: true });
  const picture = await page.screenshot({ path: "reports/browser/lasso.png" });
  expect(picture.length).toBeGreaterThan(30_000);
  await page.close();
});
