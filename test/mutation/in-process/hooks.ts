/**
 * How Node loads the sandbox: TypeScript with its types taken off, and this folder's `vitest.ts`
 * where a test asks for vitest. Node runs these hooks in a thread of their own. What they made of a
 * file is kept by its contents: every static mutant loads all files in a process of its own.
 */
import { createHash } from "node:crypto";
import * as fs from "node:fs/promises";
import type { LoadHook, ResolveHook } from "node:module";
import { fileURLToPath } from "node:url";
import type { CompilerOptions } from "typescript";

const kept = new URL("../../kept/", import.meta.url);
const vitest = new URL("./vitest.js", import.meta.url).href;

const withoutTypes = async (text: string): Promise<string> => {
  // Takes longer to load than all the files that are kept.
  const { default: ts } = await import("typescript");
  const compilerOptions: CompilerOptions = {
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.ESNext,
    verbatimModuleSyntax: true,
  };
  return ts.transpileModule(text, { compilerOptions }).outputText;
};

/** Two processes may keep the same file at once: each writes its own and gives it the name. */
const keep = async (file: URL, source: string): Promise<void> => {
  await fs.mkdir(kept, { recursive: true });
  const mine = new URL(`${file.href}.${process.pid}`);
  await fs.writeFile(mine, source);
  await fs.rename(mine, file);
};

export const resolve: ResolveHook = (specifier, context, next) =>
  specifier === "vitest" ? { url: vitest, shortCircuit: true } : next(specifier, context);

export const load: LoadHook = async (url, context, next) => {
  if (!url.endsWith(".ts")) return next(url, context);
  const text = await fs.readFile(fileURLToPath(url), "utf8");
  const file = new URL(`${createHash("sha256").update(text).digest("hex")}.js`, kept);
  const before = await fs.readFile(file, "utf8").catch(() => null);
  const source = before ?? (await withoutTypes(text));
  if (before === null) await keep(file, source);
  return { format: "module", source, shortCircuit: true };
};
