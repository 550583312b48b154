/** Programs that misbehave, each a few lines of a Node script that speaks the protocol by hand. */
import type { Command } from "../../../oracle/index.ts";

/**
 * An adapter of one page without tags: it knows allocate, free, write-bytes and read-bytes. `twist`
 * is run for each request, with `request`, `reply` (what would be answered; null for bye) and
 * `say(line)`; it gives what is said instead.
 */
const sourceWith = (twist: string, hello: object): string => `
let page = null, count = 0, rest = "";
const say = (line) => process.stdout.write(line + "\\n");
const answer = (operation) => {
  const outcome = (outcome) => ({ type: "outcome", outcome });
  if (operation.kind === "allocate") {
    if (page !== null) return outcome({ kind: "no-memory" });
    page = 0;
    return outcome({ kind: "pages", handles: [0], seen: [{ tagged: false, bytes: 0 }] });
  }
  if (page === null || operation.handle !== 0) return { type: "error", error: "refused" };
  if (operation.kind === "free") { page = null; return outcome({ kind: "done" }); }
  if (operation.kind === "write-bytes") { page = operation.bytes; return outcome({ kind: "done" }); }
  return outcome({ kind: "bytes", bytes: page });
};
const replyTo = (request) => {
  if (request.type === "hello") return ${JSON.stringify(hello)};
  if (request.type === "bye") return null;
  if (request.type !== "operation") { page = null; return { type: "ready", id: request.id }; }
  return { ...answer(request.operation), id: request.id };
};
const twist = (request, reply) => { ${twist}; return reply; };
process.stdin.setEncoding("utf8");
process.stdin.on("data", (text) => {
  const lines = (rest + text).split("\\n");
  rest = lines.pop();
  for (const line of lines) {
    const request = JSON.parse(line);
    if (request.type === "operation") count += 1;
    const reply = twist(request, replyTo(request));
    if (reply === null) process.exit(0);
    if (reply !== undefined) say(typeof reply === "string" ? reply : JSON.stringify(reply));
  }
});
`;

const size = (number: number) => ({ least: number, most: number });

const honest = {
  type: "hello",
  protocol: "mte-oracle/adapter",
  version: 1,
  name: "toy",
  capabilities: {
    operations: ["allocate", "free", "write-bytes", "read-bytes"],
    sizes: { handles: size(1), taggablePages: size(1) },
    refuses: true,
  },
};

export const toy = (twist = "", hello: object = {}): Command => ({
  program: process.execPath,
  args: ["-e", sourceWith(twist, { ...honest, ...hello })],
});
