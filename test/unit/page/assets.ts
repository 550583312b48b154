/** Style and script of a page as they lie in the sources. */
import type { PageAssets } from "../../../counterexamples/index.ts";
import { read } from "../../house/tree.ts";

export const assets: PageAssets = {
  style: read("counterexamples/page/style.css"),
  script: read("counterexamples/page/view.js"),
};
