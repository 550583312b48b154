/**
 * One conversation with an adapter, from hello to bye. Every reply is held to the protocol; the
 * first that breaks it ends the conversation, and names the adapter as the one to blame.
 */
import type { Limits, Operation } from "../../model/index.ts";
import {
  type Answer,
  type HelloReply,
  protocolName,
  protocolVersion,
  type Reply,
  type Request,
  readReply,
} from "../protocol/index.ts";
import { Program, type ProgramOptions } from "./program.ts";

export type Command = { readonly program: string; readonly args: readonly string[] };
export type SessionOptions = ProgramOptions;

const lineOf = (request: Request): string => `${JSON.stringify(request)}\n`;

/** What is expected of a reply to `configure` and `reset`. */
const readyTo = (reply: Reply, id: number): string | null => {
  if (reply.type === "error") return `expected "ready", found an error: ${reply.message}`;
  if (reply.type !== "ready") return `expected "ready", found "${reply.type}"`;
  return reply.id === id ? null : `expected ${id}, found ${reply.id}`;
};

export class Session {
  readonly hello: HelloReply;
  private readonly program: Program;
  private lastId = 0;
  /** The limits of the last configure, as text. */
  private configured = "";

  private constructor(program: Program, hello: HelloReply) {
    this.program = program;
    this.hello = hello;
  }

  /**
   * Starts the program and says hello.
   *
   * @throws AdapterFault when it cannot be started, or does not answer as it should
   */
  static async open({ program, args }: Command, options: SessionOptions): Promise<Session> {
    const started = new Program(program, args, options);
    started.during = "after hello";
    const request = { type: "hello", protocol: protocolName, version: protocolVersion } as const;
    const [line = ""] = await started.exchange(lineOf(request), 1);
    const reply = await Session.read(started, line);
    if (reply.type === "hello") return new Session(started, reply);
    const message = `expected "hello", found "${reply.type}"`;
    throw await started.blame({ kind: "misspoke", field: "type", message });
  }

  private static async read(program: Program, line: string): Promise<Reply> {
    const read = readReply(line);
    if (read.kind === "reply") return read.reply;
    throw await program.blame({ kind: "misspoke", field: read.field, message: read.message });
  }

  /** Begins anew, in memory of this size. @throws AdapterFault */
  async begin(limits: Limits): Promise<void> {
    const same = JSON.stringify(limits);
    const id = this.nextId();
    const request: Request =
      same === this.configured ? { type: "reset", id } : { type: "configure", id, limits };
    this.configured = same;
    this.program.during = `after ${request.type}`;
    const [line = ""] = await this.program.exchange(lineOf(request), 1);
    const reply = await Session.read(this.program, line);
    const message = readyTo(reply, id);
    if (message !== null) throw await this.blame(reply.type === "ready" ? "id" : "type", message);
  }

  /**
   * Asks for operations, all before the first answer is read; `during` says which, for messages.
   *
   * @throws AdapterFault; whatever was answered before is lost then, and all of them are in doubt
   */
  async ask(operations: readonly Operation[], during: string): Promise<readonly Answer[]> {
    const { program } = this;
    const first = this.lastId + 1;
    program.during = during;
    let text = "";
    for (const operation of operations)
      text += lineOf({ type: "operation", id: this.nextId(), operation });
    const lines = await program.exchange(text, operations.length);
    const answers: Answer[] = [];
    for (const [index, line] of lines.entries()) {
      const read = readReply(line);
      if (read.kind === "wrong") throw await this.blame(read.field, read.message);
      const { reply } = read;
      if (reply.type !== "outcome" && reply.type !== "error")
        throw await this.blame("type", `expected "outcome" or "error", found "${reply.type}"`);
      if (reply.id !== first + index)
        throw await this.blame("id", `expected ${first + index}, found ${reply.id}`);
      answers.push(reply);
    }
    return answers;
  }

  /** Ends the conversation because of what the adapter answered. */
  blame(field: string, message: string): Promise<Error> {
    return this.program.blame({ kind: "misspoke", field, message });
  }

  /** Says bye, and gives the exit code; null where it had to be ended by force. */
  bye(): Promise<number | null> {
    return this.program.farewell("bye", lineOf({ type: "bye" }));
  }

  /** Ends the program at once. */
  end(): Promise<void> {
    return this.program.end();
  }

  private nextId(): number {
    this.lastId += 1;
    return this.lastId;
  }
}
