/**
 * A program that is the contract itself: of all that is allowed it answers anything, leaves out what
 * it likes, and moves untagged pages about when nobody looks. No run may ever find fault with it.
 */
import {
  allowedOutcomes,
  boot,
  type Contract,
  type Limits,
  type Memory,
  type Operation,
  type Outcome,
  step,
} from "../../model/index.ts";
import { isSensible } from "../../oracle/drive/asking.ts";
import type { Draw } from "../../oracle/drive/draw.ts";
import type { Conversation } from "../../oracle/drive/run.ts";
import type { Answer, Capabilities, HelloReply, Observation } from "../../oracle/index.ts";

export class StandIn implements Conversation {
  readonly hello: HelloReply;
  private readonly draw: Draw;
  private contract: Contract;
  private memory: Memory;
  private id = 0;

  constructor(draw: Draw, capabilities: Capabilities, limits: Limits) {
    this.draw = draw;
    const opening = { protocol: "mte-oracle/adapter", version: 1 } as const;
    this.hello = { type: "hello", ...opening, name: "the contract", capabilities };
    this.contract = { limits, off: new Set() };
    this.memory = boot(limits);
  }

  async begin(limits: Limits): Promise<void> {
    this.contract = { limits, off: new Set() };
    this.memory = boot(limits);
  }

  async ask(operations: readonly Operation[]): Promise<readonly Answer[]> {
    return operations.map((operation) => {
      this.id += 1;
      return this.answer(this.id, operation);
    });
  }

  async blame(field: string, message: string): Promise<Error> {
    return new Error(`${field}: ${message}`);
  }

  /** Corrupts what is remembered, for tests that want to be found out. */
  corrupt(change: (memory: Memory) => Memory): void {
    this.memory = change(this.memory);
  }

  private answer(id: number, operation: Operation): Answer {
    const { draw, contract } = this;
    this.wander();
    if (!isSensible(contract, this.memory, operation))
      return { type: "error", id, error: "refused", message: "" };
    if (draw.some(2)) return { type: "error", id, error: "not-done", message: "busy" };
    const unsure = draw.some(1);
    if (unsure && draw.some(50)) return { type: "error", id, error: "unknown", message: "" };
    this.makeRoom(operation);
    const allowed = allowedOutcomes(contract, this.memory, operation).filter(
      ({ choice }) => choice.kind !== "short" || choice.inFlight === 0,
    );
    const chosen = draw.pick(allowed);
    if (chosen === null) return { type: "error", id, error: "not-done", message: "no way" };
    const judged = step(contract, this.memory, operation, chosen.choice, chosen.outcome);
    if (judged.kind !== "accepted") throw new Error("what is allowed is accepted");
    this.memory = judged.memory;
    if (unsure) return { type: "error", id, error: "unknown", message: "" };
    const told = operation.kind === "put" && draw.some(50);
    const outcome = this.partly(chosen.outcome);
    return {
      type: "outcome",
      id,
      outcome,
      ...(told && { stored: chosen.choice.kind === "stored" }),
    };
  }

  /** A silent migration of an untagged page, between the two kinds of memory. */
  private wander(): void {
    const { limits } = this.contract;
    if (limits.handles === limits.taggablePages || !this.draw.some(20)) return;
    this.memory.pages.forEach((page, handle) => {
      if (page && !page.tagged && this.draw.some(50)) this.move(handle, page.home !== "taggable");
    });
  }

  /** A page moves out of memory without tags before it gets some. */
  private makeRoom(operation: Operation): void {
    if (operation.kind === "enable-tags") this.move(operation.handle, true);
    if (operation.kind === "copy-again") this.move(operation.to, true);
  }

  private move(handle: number, intoTaggable: boolean): void {
    const choice = { kind: "placed", homes: [intoTaggable ? "taggable" : "untaggable"] } as const;
    const outcome: Outcome = { kind: "page", handle, seen: {} };
    const judged = step(this.contract, this.memory, { kind: "migrate", handle }, choice, outcome);
    if (judged.kind === "accepted") this.memory = judged.memory;
  }

  private partly(outcome: Outcome): Observation {
    const { draw } = this;
    switch (outcome.kind) {
      case "page": {
        const { kind, handle, seen } = outcome;
        if (draw.some(30)) return { kind, handle, seen: { tagged: seen.tagged ?? false } };
        /** Of a page that may have its tags later, whoever does not look is taken to have them. */
        return { kind, handle, seen };
      }
      case "miss":
        return draw.some(50) ? { kind: "miss" } : outcome;
      case "slot":
        return draw.some(50) ? { kind: "slot" } : outcome;
      default:
        return outcome;
    }
  }
}
