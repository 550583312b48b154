/** The built command in a worker thread: what it writes is kept, and comes back with its exit code. */
import { runAsWorker } from "synckit";
import { runCommand } from "../../dist/cli/command.js";

Object.assign(process.env, { CI: "", FORCE_COLOR: "", NO_COLOR: "" });

/** @param {string[]} kept */
const keeping = (kept) => (/** @type {string | Uint8Array} */ text) => {
  kept.push(typeof text === "string" ? text : Buffer.from(text).toString("utf8"));
  return true;
};

runAsWorker(async (/** @type {string[]} */ args) => {
  /** @type {string[]} */
  const out = [];
  /** @type {string[]} */
  const err = [];
  process.stdout.write = keeping(out);
  process.stderr.write = keeping(err);
  const code = await runCommand(args);
  return { code, out: out.join(""), err: err.join("") };
});
