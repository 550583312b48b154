/**
 * Device tree source as a list of items, in the order and with the lines of the file. Nothing is
 * merged or resolved here; `device-tree.ts` does that.
 */
import peggy, { type Parser } from "peggy";
import { match } from "ts-pattern";
import { z } from "zod";
import { RefusedInput, refuse } from "../input-error.ts";
import { deviceTreeGrammar } from "./device-tree-grammar.ts";

const line = z.number();
const referenceSchema = z
  .strictObject({ kind: z.enum(["label-reference", "path-reference"]), line, name: z.string() })
  .readonly();
const cellSchema = z.union([
  z.strictObject({ kind: z.literal("number"), line, value: z.bigint() }).readonly(),
  referenceSchema,
]);
const pieceSchema = z.union([
  z
    .strictObject({
      kind: z.literal("cells"),
      line,
      bits: z.number(),
      cells: z.array(cellSchema).readonly(),
    })
    .readonly(),
  z.strictObject({ kind: z.literal("string"), line, text: z.string() }).readonly(),
  z
    .strictObject({ kind: z.literal("bytes"), line, bytes: z.array(z.number()).readonly() })
    .readonly(),
  z.strictObject({ kind: z.literal("path"), line, to: referenceSchema }).readonly(),
]);

/** `&label` or `&{/path}`; `name` is without the ampersand and braces. */
export type Reference = z.infer<typeof referenceSchema>;
/** One element of `< ... >`: a number that fits its width, or a reference to become a phandle. */
export type Cell = z.infer<typeof cellSchema>;
/** One part of a property's value; parts are separated by commas. `bits` is 8, 16, 32 or 64. */
type Piece = z.infer<typeof pieceSchema>;

type Named = {
  readonly line: number;
  readonly labels: readonly string[];
  readonly name: string;
};
/** A property as written; a value of no pieces is a boolean property. */
export type PropertyItem = Named & {
  readonly kind: "property";
  readonly value: readonly Piece[];
};
type NodeItem = Named & { readonly kind: "node"; readonly body: readonly BodyItem[] };
export type BodyItem =
  | PropertyItem
  | NodeItem
  | {
      readonly kind: "delete-node" | "delete-property";
      readonly line: number;
      readonly name: string;
    };
type Body = { readonly labels: readonly string[]; readonly body: readonly BodyItem[] };
/** What stands at the top of a file: a root, an addition to a labelled node, or a deletion. */
export type TopItem =
  | ({ readonly kind: "root"; readonly line: number } & Body)
  | ({ readonly kind: "extend"; readonly line: number; readonly to: Reference } & Body)
  | { readonly kind: "delete-reference"; readonly line: number; readonly to: Reference }
  | { readonly kind: "ignored"; readonly line: number };

const named = { line, labels: z.array(z.string()).readonly(), name: z.string() };
const bodyItemSchema: z.ZodType<BodyItem> = z.lazy(() =>
  z.union([
    z.strictObject({
      kind: z.literal("property"),
      ...named,
      value: z.array(pieceSchema).readonly(),
    }),
    z.strictObject({ kind: z.literal("node"), ...named, body: bodySchema }),
    z.strictObject({
      kind: z.enum(["delete-node", "delete-property"]),
      line,
      name: z.string(),
    }),
  ]),
);
const bodySchema = z.array(bodyItemSchema).readonly();
const body = { labels: named.labels, body: bodySchema };
const fileSchema: z.ZodType<readonly TopItem[]> = z
  .array(
    z.discriminatedUnion("kind", [
      z.strictObject({ kind: z.literal("root"), line, ...body }),
      z.strictObject({ kind: z.literal("extend"), line, to: referenceSchema, ...body }),
      z.strictObject({ kind: z.literal("delete-reference"), line, to: referenceSchema }),
      z.strictObject({ kind: z.literal("ignored"), line }),
    ]),
  )
  .readonly();

/** Deeper nesting of braces or parentheses is refused, before it could exhaust the stack. */
const MAXIMUM_DEPTH = 64;

function refuseDeepNesting(text: string, file: string): void {
  const opaque = /\/\*(?:[\s\S]*?\*\/|[\s\S]*$)|\/\/[^\n]*|"(?:\\.|[^"\\\n])*"/g;
  const bare = text.replace(opaque, (skipped) => skipped.replace(/[^\n]/g, " "));
  let depth = 0;
  let lineNumber = 1;
  for (const character of bare) {
    if (character === "\n") lineNumber += 1;
    else if (character === "{" || character === "(") depth += 1;
    else if ((character === "}" || character === ")") && depth > 0) depth -= 1;
    if (depth > MAXIMUM_DEPTH) {
      const place = { file, line: lineNumber, field: "syntax" };
      refuse(place, `at most ${MAXIMUM_DEPTH} levels of nesting`, "one more");
    }
  }
}

type Expectation = NonNullable<InstanceType<Parser["SyntaxError"]>["expected"]>[number];

function phraseOf(expectation: Expectation): string {
  return match(expectation)
    .with({ type: "literal" }, ({ text }) => JSON.stringify(text))
    .with({ type: "class" }, ({ parts }) => `one of ${parts.flat().join(" ")}`)
    .with({ type: "other" }, ({ description }) => description)
    .with({ type: "end" }, () => "the end of the file")
    .with({ type: "any" }, () => "a character")
    .exhaustive();
}

let parser: Parser | undefined;

/** Lines that hold something: a final newline ends the last one and begins no other. */
function lineCount(text: string): number {
  return Math.max(1, text.split("\n").length - (text.endsWith("\n") ? 1 : 0));
}

/**
 * Reads the syntax of a whole file.
 *
 * @throws RefusedInput with the line, what was expected and what was found
 */
export function readSyntax(text: string, file: string): readonly TopItem[] {
  refuseDeepNesting(text, file);
  parser ??= peggy.generate(deviceTreeGrammar);
  let items: unknown;
  try {
    items = parser.parse(text);
  } catch (thrown) {
    if (!(thrown instanceof parser.SyntaxError)) throw thrown;
    const start = thrown.location.start;
    const place = { file, line: Math.min(start.line, lineCount(text)), field: "syntax" };
    // The grammar's own refusals list no expectations; their message is complete.
    if (thrown.expected === null) throw new RefusedInput({ ...place, message: thrown.message });
    const phrases = new Set(thrown.expected.map(phraseOf));
    phrases.delete("white space");
    const lead = text.slice(start.offset, start.offset + 40);
    const found = /^(?:[\w,.+*#?@-]+|\/[\w-]+\/|\/\*|"[^\n]*|[\s\S])/u.exec(lead);
    const foundPhrase = found === null ? "the end of the file" : JSON.stringify(found[0]);
    refuse(place, [...phrases].join(" or "), foundPhrase);
  }
  return fileSchema.parse(items);
}
