/** Pages to look at: the assets they are made of, and files beside each other. */
import * as fs from "node:fs";
import * as path from "node:path";
import { fileURLToPath } from "node:url";
import type { PageAssets } from "../counterexamples/index.ts";

/** From dist/cli/pages.js. */
const folder = path.resolve(fileURLToPath(import.meta.url), "../../counterexamples/page");

export const pageAssets = (): PageAssets => ({
  style: fs.readFileSync(path.join(folder, "style.css"), "utf8"),
  script: fs.readFileSync(path.join(folder, "view.js"), "utf8"),
});
