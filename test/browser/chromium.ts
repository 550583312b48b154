/** The browser of this tier: the system's Chromium, and a page of ours opened in it. */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { explain, pageOf } from "../../counterexamples/index.ts";
import { saved } from "../unit/counterexamples/saved.ts";
import { assets } from "../unit/page/assets.ts";

const names = ["chromium", "chromium-browser", "google-chrome", "chrome"];

/** Without a browser there is nothing to test with: that is a failure, and says what to do. */
const executable = (): string => {
  const asked = process.env["MTE_CHROMIUM"];
  const folders = (process.env["PATH"] ?? "").split(path.delimiter);
  const known = names.flatMap((name) => folders.map((folder) => path.join(folder, name)));
  const found = asked ?? known.find((file) => fs.existsSync(file));
  if (found) return found;
  throw new Error("no Chromium: install one (apt-get install chromium) or name it in MTE_CHROMIUM");
};

export const launch = (): Promise<Browser> =>
  chromium.launch({ executablePath: executable(), args: ["--no-sandbox"] });

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), "mte-oracle-browser-"));
process.on("exit", () => fs.rmSync(scratch, { recursive: true, force: true }));

export type Look = {
  readonly page: Page;
  /** What the page asked for, beside itself. */
  readonly requests: readonly string[];
  /** Errors of its script. */
  readonly errors: readonly string[];
};

/** Opens the page of a counterexample of the corpus, as a user does: a file. */
export async function look(
  browser: Browser,
  name: string,
  colorScheme: "light" | "dark" = "light",
): Promise<Look> {
  const file = path.join(scratch, `${name.replaceAll("/", "--")}.html`);
  fs.writeFileSync(file, pageOf(explain(saved(name)), assets));
  const page = await browser.newPage({ viewport: { width: 1400, height: 900 }, colorScheme });
  const requests: string[] = [];
  const errors: string[] = [];
  const address = pathToFileURL(file).href;
  page.on("request", (request) => {
    if (request.url() !== address) requests.push(request.url());
  });
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => errors.push(message.text()));
  await page.goto(address);
  return { page, requests, errors };
}
