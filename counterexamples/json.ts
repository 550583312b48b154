/**
 * JSON with the line of every value. `JSON.parse` tells no line of a value and words its errors
 * differently from one Node to the next; the packages that keep places either are CommonJS bundles
 * that plain Node cannot import by name, or read more than JSON. Numbers and strings are still
 * decoded by `JSON.parse`, token by token.
 */
import { type Attempt, attempt, refuse } from "../model/index.ts";

/** A value and where it begins. An object keeps the lines of its names too. */
export type JsonNode =
  | { readonly kind: "leaf"; readonly line: number; readonly value: Leaf }
  | { readonly kind: "list"; readonly line: number; readonly items: readonly JsonNode[] }
  | { readonly kind: "object"; readonly line: number; readonly entries: ReadonlyMap<string, Entry> };

type Leaf = string | number | boolean | null;
type Entry = { readonly line: number; readonly node: JsonNode };

export type JsonPath = readonly PropertyKey[];

/** Deeper nesting is refused before it could exhaust the stack. */
const deepest = 32;
const longestFound = 40;

const blanks = /[ \t\r\n]*/y;
const token =
  /[[\]{}:,]|"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])|(?:true|false|null)(?!\w)/y;
const wrongToken = /"[^"\n]*|[\w.+-]+|[\s\S]/uy;

/** Cuts what was found to something that fits a line. */
export const shortened = (text: string): string =>
  text.length > longestFound ? `${text.slice(0, longestFound)}...` : text;

/** Reads one JSON text; the first mistake is told with its line. */
export const readJson = (text: string, file: string): Attempt<JsonNode> =>
  attempt(() => new Reader(text, file).whole());

class Reader {
  readonly #text: string;
  readonly #file: string;
  #at = 0;
  #line = 1;

  constructor(text: string, file: string) {
    this.#text = text;
    this.#file = file;
  }

  whole(): JsonNode {
    const node = this.#value(this.#next("a value"), 0);
    this.#skipBlanks();
    if (this.#at < this.#text.length) this.#refuse("the end of the file");
    return node;
  }

  #value(lead: string, depth: number): JsonNode {
    if (depth >= deepest && (lead === "{" || lead === "[")) {
      this.#at -= lead.length;
      this.#refuse(`at most ${deepest} levels of nesting`, "one more");
    }
    if (lead === "{") return this.#object(depth);
    if (lead === "[") return this.#list(depth);
    if (lead === "]" || lead === "}" || lead === ":" || lead === ",") {
      this.#at -= lead.length;
      this.#refuse("a value");
    }
    return { kind: "leaf", line: this.#line, value: leafOf(lead) };
  }

  #list(depth: number): JsonNode {
    const line = this.#line;
    const items: JsonNode[] = [];
    for (let lead = this.#next('a value or "]"'); lead !== "]"; lead = this.#next("a value")) {
      if (lead === "]") break;
      items.push(this.#value(lead, depth + 1));
      if (this.#separator("]") === "]") break;
    }
    return { kind: "list", line, items };
  }

  #object(depth: number): JsonNode {
    const line = this.#line;
    const entries = new Map<string, Entry>();
    for (let lead = this.#next('a name or "}"'); lead !== "}"; lead = this.#next("a name")) {
      const name = lead.startsWith('"') ? leafOf(lead) : null;
      if (typeof name !== "string") {
        this.#at -= lead.length;
        return this.#refuse(entries.size === 0 ? 'a name or "}"' : "a name");
      }
      if (entries.has(name)) {
        const place = { file: this.#file, line: this.#line, field: shortened(name) };
        return refuse(place, "each name once in an object", "it again");
      }
      const named = this.#line;
      if (this.#next('":"') !== ":") {
        this.#at -= 1;
        this.#refuse('":"');
      }
      entries.set(name, { line: named, node: this.#value(this.#next("a value"), depth + 1) });
      if (this.#separator("}") === "}") break;
    }
    return { kind: "object", line, entries };
  }

  #separator(close: "]" | "}"): string {
    const expected = `"," or "${close}"`;
    const found = this.#next(expected);
    if (found === "," || found === close) return found;
    this.#at -= found.length;
    return this.#refuse(expected);
  }

  #next(expected: string): string {
    this.#skipBlanks();
    token.lastIndex = this.#at;
    const found = token.exec(this.#text)?.[0];
    if (found === undefined) return this.#refuse(expected);
    this.#at += found.length;
    return found;
  }

  #skipBlanks(): void {
    blanks.lastIndex = this.#at;
    const skipped = blanks.exec(this.#text)?.[0] ?? "";
    for (const character of skipped) if (character === "\n") this.#line += 1;
    this.#at += skipped.length;
  }

  #refuse(expected: string, instead?: string): never {
    wrongToken.lastIndex = this.#at;
    const text = wrongToken.exec(this.#text)?.[0];
    const found = instead ?? (text === undefined ? "the end of the file" : shortened(text));
    return refuse({ file: this.#file, line: this.#line, field: "JSON" }, expected, found);
  }
}

const leafOf = (text: string): Leaf => {
  const value: unknown = JSON.parse(text);
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean")
    return value;
  return null;
};

/** The value without its places. */
export const plainOf = (node: JsonNode): unknown => {
  if (node.kind === "leaf") return node.value;
  if (node.kind === "list") return node.items.map(plainOf);
  return Object.fromEntries([...node.entries].map(([name, { node: inner }]) => [name, plainOf(inner)]));
};

/** The line of the value at a path; where the path leads nowhere, of the last thing on the way. */
export const lineAt = (root: JsonNode, path: JsonPath): number => {
  let node = root;
  let line = root.line;
  for (const step of path) {
    const inner =
      node.kind === "list"
        ? node.items[Number(step)]
        : node.kind === "object"
          ? node.entries.get(String(step))?.node
          : undefined;
    if (inner === undefined) return line;
    if (node.kind === "object") line = node.entries.get(String(step))?.line ?? line;
    else line = inner.line;
    node = inner;
  }
  return line;
};

/** A path as it is written in JavaScript: `steps[3].choice`. */
export const pathText = (path: JsonPath): string => {
  const text = path
    .map((step) => (typeof step === "number" ? `[${step}]` : `.${shortened(String(step))}`))
    .join("")
    .replace(/^\./, "");
  return text === "" ? "file" : text;
};
