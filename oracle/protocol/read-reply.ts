/** One line of an adapter's stdout as a reply, or as one line that says what is wrong with it. */
import type { z } from "zod";
import { mistakesIn } from "../../counterexamples/issues.ts";
import {
  type JsonNode,
  pathText,
  plainOf,
  readJson,
  shortened,
} from "../../counterexamples/json.ts";
import { capabilityProblem } from "./capabilities.ts";
import { protocolVersion } from "./forms.ts";
import { type Reply, replySchema } from "./messages.ts";

export type ReadReply<R = Reply> =
  | { readonly kind: "reply"; readonly reply: R }
  | {
      readonly kind: "wrong";
      readonly field: string;
      /** Reads "expected ..., found ...". */
      readonly message: string;
    };

type WrongReply = Extract<ReadReply, { readonly kind: "wrong" }>;

const wrong = (field: string, message: string): WrongReply => ({ kind: "wrong", field, message });

/** The slow way, for lines that are wrong: where it is, and what should be there. */
export const mistakeIn = (schema: z.ZodType, line: string): WrongReply => {
  const read = readJson(line, "reply");
  if (!read.ok) return wrong(read.error.field, read.error.message);
  const root = read.value;
  const found = shortened(line);
  if (root.kind !== "object") return wrong("reply", `expected an object, found ${found}`);
  const parsed = schema.safeParse(parsedJson(line));
  if (parsed.success) return wrong("reply", `expected each name once, found ${found}`);
  const mistakes = mistakesIn(root, parsed.error.issues);
  const version = mistakes.find(({ path }) => path.length === 1 && path[0] === "version");
  if (version)
    return wrong(
      "version",
      `expected ${protocolVersion}, the version that was asked for, found ${version.found}`,
    );
  const other = mistakes.find(({ path, unknown }) => unknown && path[0] === "vocabulary");
  if (other)
    return wrong(
      "vocabulary",
      `expected none, that of pages (--vocabulary asks for another), found ${spoken(root)}`,
    );
  const [first] = mistakes;
  return first
    ? wrong(pathText(first.path), `expected ${first.expected}, found ${first.found}`)
    : wrong("reply", `expected a reply, found ${found}`);
};

const spoken = (root: JsonNode): string => {
  const node = root.kind === "object" ? root.entries.get("vocabulary")?.node : undefined;
  return node ? shortened(JSON.stringify(plainOf(node))) : "another";
};

export const parsedJson = (line: string): unknown => {
  try {
    return JSON.parse(line);
  } catch (thrown) {
    if (thrown instanceof SyntaxError) return undefined;
    throw thrown;
  }
};

export const readReply = (line: string): ReadReply => {
  const parsed = replySchema.safeParse(parsedJson(line));
  if (!parsed.success) return mistakeIn(replySchema, line);
  const reply = parsed.data;
  if (reply.type === "hello") {
    const problem = capabilityProblem(reply.capabilities);
    if (problem) return wrong(problem.field, problem.message);
  }
  return { kind: "reply", reply };
};
