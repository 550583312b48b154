/**
 * One conversation with an adapter, from hello to bye. Every reply is held to the protocol; the
 * first that breaks it ends the conversation, and names the adapter as the one to blame.
 */
import { protocolName, protocolVersion, type ReadReply, type Request } from "../protocol/index.ts";
import { AdapterFault } from "./fault.ts";
import { Program, type ProgramOptions } from "./program.ts";
import type { Ending, Pages, Words } from "./words.ts";

export type Command = { readonly program: string; readonly args: readonly string[] };
export type SessionOptions = ProgramOptions;

export type Hello<W extends Words> = {
  readonly type: "hello";
  readonly name: string;
  readonly capabilities: W["capabilities"];
};
type Ready = { readonly type: "ready"; readonly id: number };
type Reply<W extends Words> = Hello<W> | Ready | W["answer"];

/** How a vocabulary writes requests and reads replies. */
export type Dialect<W extends Words> = {
  readonly read: (line: string) => ReadReply<Reply<W>>;
  /** `again`: with the same setup as the last time. */
  readonly begin: (setup: W["setup"], id: number, again: boolean) => object & { type: string };
};

const lineOf = (request: Request | object): string => `${JSON.stringify(request)}\n`;

/** What is expected of a reply to `configure` and `reset`. */
const readyTo = <W extends Words>(reply: Reply<W>, id: number): string | null => {
  if (reply.type === "error") return `expected "ready", found an error: ${reply.message}`;
  if (reply.type !== "ready") return `expected "ready", found "${reply.type}"`;
  return reply.id === id ? null : `expected ${id}, found ${reply.id}`;
};

/** Whoever can be asked: a program, or a stand-in for one. */
export type Talk<W extends Words = Pages> = Pick<Session<W>, "hello" | "begin" | "ask" | "blame">;

export class Session<W extends Words = Pages> {
  readonly hello: Hello<W>;
  private readonly program: Program;
  private readonly dialect: Dialect<W>;
  private lastId = 0;
  /** The setup of the last beginning, as text. */
  private configured = "";

  private constructor(program: Program, dialect: Dialect<W>, hello: Hello<W>) {
    this.program = program;
    this.dialect = dialect;
    this.hello = hello;
  }

  /**
   * Starts the program and says hello.
   *
   * @throws AdapterFault when it cannot be started, or does not answer as it should
   */
  static async open<W extends Words>(
    { program, args }: Command,
    options: SessionOptions,
    dialect: Dialect<W>,
  ): Promise<Session<W>> {
    const started = new Program(program, args, options);
    started.during = "after hello";
    const request = { type: "hello", protocol: protocolName, version: protocolVersion } as const;
    const [line = ""] = await started.exchange(lineOf(request), 1);
    const reply = await replyIn(started, dialect, line);
    if (isHello(reply)) return new Session(started, dialect, reply);
    const message = `expected "hello", found "${reply.type}"`;
    throw await started.blame({ kind: "misspoke", field: "type", message });
  }

  /** Begins anew, with this setup. @throws AdapterFault */
  async begin(setup: W["setup"]): Promise<void> {
    const same = JSON.stringify(setup);
    const id = this.nextId();
    const request = this.dialect.begin(setup, id, same === this.configured);
    this.configured = same;
    this.program.during = `after ${request.type}`;
    const [line = ""] = await this.program.exchange(lineOf(request), 1);
    const reply = await replyIn(this.program, this.dialect, line);
    const message = readyTo(reply, id);
    if (message !== null) throw await this.blame(reply.type === "ready" ? "id" : "type", message);
  }

  /**
   * Asks for operations, all before the first answer is read; `during` says which, for messages.
   *
   * @throws AdapterFault; whatever was answered before is lost then, and all of them are in doubt
   */
  async ask(
    operations: readonly W["operation"][],
    during: string,
  ): Promise<readonly W["answer"][]> {
    const { program } = this;
    const first = this.lastId + 1;
    program.during = during;
    let text = "";
    for (const operation of operations)
      text += lineOf({ type: "operation", id: this.nextId(), operation });
    const lines = await program.exchange(text, operations.length);
    const answers: W["answer"][] = [];
    for (const [index, line] of lines.entries()) {
      const read = this.dialect.read(line);
      if (read.kind === "wrong") throw await this.blame(read.field, read.message);
      const { reply } = read;
      if (!isAnswer(reply))
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

const isHello = <W extends Words>(reply: Reply<W>): reply is Hello<W> => reply.type === "hello";
const isAnswer = <W extends Words>(reply: Reply<W>): reply is W["answer"] =>
  reply.type === "outcome" || reply.type === "error";

const replyIn = async <W extends Words>(
  program: Program,
  { read }: Dialect<W>,
  line: string,
): Promise<Reply<W>> => {
  const found = read(line);
  if (found.kind === "reply") return found.reply;
  const { field, message } = found;
  throw await program.blame({ kind: "misspoke", field, message });
};

/** Begins anew; a program that cannot is told as the end of a run without steps. */
export const begun = async <W extends Words>(
  session: Pick<Session<W>, "begin">,
  setup: W["setup"],
): Promise<Ending<W> | null> => {
  try {
    await session.begin(setup);
    return null;
  } catch (thrown) {
    if (!(thrown instanceof AdapterFault)) throw thrown;
    return { kind: "broke", fault: thrown.fault };
  }
};
