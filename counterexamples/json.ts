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
  | {
      readonly kind: "object";
      readonly line: number;
      readonly entries: ReadonlyMap<string, Entry>;
    };

type Leaf = string | number | boolean | null;
type Entry = { readonly line: number; readonly node: JsonNode };

export type JsonPath = readonly PropertyKey[];

/** Deeper nesting is refused before it could exhaust the stack. */
const deepest = 32;
const longestFound = 40;

const blanks = /[ \t\r\n]*/y;
/** Any token but a string: a long one would exhaust the stack of the regular expression. */
const token =
  /[[\]{}:,]|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])|(?:true|false|null)(?!\w)/y;
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
    let lead = this.#next('a value or "]"');
    if (lead === "]") return { kind: "list", line, items };
    for (;;) {
      items.push(this.#value(lead, depth + 1));
      if (this.#separator("]") === "]") break;
      lead = this.#next("a value");
    }
    return { kind: "list", line, items };
  }

  #object(depth: number): JsonNode {
    const line = this.#line;
    const entries = new Map<string, Entry>();
    let lead = this.#next('a name or "}"');
    if (lead === "}") return { kind: "object", line, entries };
    for (;;) {
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
      const colon = this.#next('":"');
      if (colon !== ":") {
        this.#at -= colon.length;
        this.#refuse('":"');
      }
      entries.set(name, { line: named, node: this.#value(this.#next("a value"), depth + 1) });
      if (this.#separator("}") === "}") break;
      lead = this.#next("a name");
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
    const found = this.#text[this.#at] === '"' ? this.#string() : this.#token();
    if (found === undefined) return this.#refuse(expected);
    this.#at += found.length;
    return found;
  }

  #token(): string | undefined {
    token.lastIndex = this.#at;
    return token.exec(this.#text)?.[0];
  }

  /** The string with its quotes, as it is written. */
  #string(): string {
    let end = this.#at;
    let slashes = 1;
    while (slashes % 2 === 1) {
      end = this.#text.indexOf('"', end + 1);
      if (end === -1) return this.#refuse("a string that ends on its line");
      slashes = 0;
      while (this.#text[end - 1 - slashes] === "\\") slashes += 1;
    }
    const text = this.#text.slice(this.#at, end + 1);
    try {
      JSON.parse(text);
    } catch {
      this.#refuse("a string that ends on its line, with the escapes of JSON");
    }
    return text;
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
  return Object.fromEntries(
    [...node.entries].map(([name, { node: inner }]) => [name, plainOf(inner)]),
  );
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
