/** A cache that knows no files: it stores or not, drops what it likes, and is never wrong. */
import type { Operation } from "../../model/index.ts";
import type { Draw } from "../../oracle/drive/draw.ts";
import type { Conversation } from "../../oracle/drive/run.ts";
import type { Answer, Capabilities, HelloReply, Observation } from "../../oracle/index.ts";

const nameOf = ({ file, index }: { readonly file: number; readonly index: number }): string =>
  `${file} ${index}`;

export class CacheStandIn implements Conversation {
  readonly hello: HelloReply;
  private readonly draw: Draw;
  private readonly copies = new Map<string, number>();
  private id = 0;

  constructor(draw: Draw, capabilities: Capabilities) {
    this.draw = draw;
    const opening = { protocol: "mte-oracle/adapter", version: 1 } as const;
    this.hello = { type: "hello", ...opening, name: "a cache", capabilities };
  }

  async begin(): Promise<void> {
    this.copies.clear();
  }

  async ask(operations: readonly Operation[]): Promise<readonly Answer[]> {
    return operations.map((operation) => {
      this.id += 1;
      const id = this.id;
      const outcome = this.outcomeOf(operation);
      const stored = operation.kind === "put" && this.copies.has(nameOf(operation));
      const told = operation.kind === "put" && this.draw.some(50);
      return { type: "outcome", id, outcome, ...(told && { stored }) };
    });
  }

  async blame(field: string, message: string): Promise<Error> {
    return new Error(`${field}: ${message}`);
  }

  private outcomeOf(operation: Operation): Observation {
    const { copies, draw, hello } = this;
    for (const name of [...copies.keys()]) if (draw.some(3)) copies.delete(name);
    if (operation.kind === "put") {
      if (draw.some(75)) copies.set(nameOf(operation), operation.bytes);
      else copies.delete(nameOf(operation));
    } else if (operation.kind === "get") {
      const bytes = copies.get(nameOf(operation));
      if (hello.capabilities.getForm === "consuming") copies.delete(nameOf(operation));
      return bytes === undefined ? { kind: "miss" } : { kind: "hit", bytes };
    } else if (operation.kind === "invalidate-page") copies.delete(nameOf(operation));
    else if (operation.kind === "invalidate-object") {
      for (const name of [...copies.keys()])
        if (name.startsWith(`${operation.file} `)) copies.delete(name);
    } else copies.clear();
    return { kind: "done" };
  }
}
