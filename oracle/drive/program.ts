/**
 * A program at the other end of two pipes. We write lines and wait for as many as we are owed; it
 * is given a time for that, and is ended when it takes longer, says more than it should, or is not
 * needed any more. No shell is started, and what it leaves on stderr is kept for the message.
 */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { AdapterFault, type Fault, type FaultKind } from "./fault.ts";

export type ProgramOptions = {
  /** For one exchange, however many lines it has, and for ending after bye. */
  readonly timeoutMilliseconds: number;
  /** For the first exchange, in which it has to be started too; left out: as long. */
  readonly startMilliseconds?: number;
};

/** A line longer than this is no reply. */
const longestLineBytes = 2 ** 20;
/** How much of stderr is kept, and told. */
const keptStderr = 8192;
const toldLines = 10;
const longestTold = 200;
const isWindows = process.platform === "win32";

const reasons: Readonly<Record<string, string>> = {
  ENOENT: "there is no such program",
  EACCES: "it may not be executed",
  ENOTDIR: "part of its path is no folder",
  E2BIG: "its arguments are too long",
};

/** Somebody who waits for lines. */
type Waiting = {
  readonly lines: string[];
  readonly owed: number;
  readonly resolve: (lines: readonly string[]) => void;
  readonly reject: (fault: AdapterFault) => void;
};

export class Program {
  /** What it is asked at the moment, for messages: a clause such as "after hello". */
  during = "at its start";
  private readonly child: ChildProcessWithoutNullStreams;
  private readonly options: ProgramOptions;
  private readonly closed: Promise<void>;
  private timer: NodeJS.Timeout;
  private timerMilliseconds: number;
  private waiting: Waiting | null = null;
  private partial = "";
  private stderr = "";
  /** Why nothing can be asked any more. */
  private ended: AdapterFault | null = null;
  private hasClosed = false;
  private isFirst = true;

  constructor(program: string, args: readonly string[], options: ProgramOptions) {
    this.options = options;
    /** A group of its own, so that what it starts is ended with it. */
    this.child = spawn(program, args, { stdio: "pipe", detached: !isWindows, windowsHide: true });
    const { child } = this;
    child.stdout.setEncoding("utf8");
    child.stderr.setEncoding("utf8");
    child.stdout.on("data", (text: string) => this.hear(text));
    child.stderr.on("data", (text: string) => this.keep(text));
    /** A pipe that breaks is told by the end of the program, a moment later. */
    for (const pipe of [child.stdin, child.stdout, child.stderr]) pipe.on("error", () => undefined);
    this.closed = new Promise((resolve) => {
      child.once("error", (error: NodeJS.ErrnoException) => {
        this.hasClosed = true;
        this.fail({ kind: "not-started", why: reasons[error.code ?? ""] ?? error.message });
        resolve();
      });
      child.once("close", (code, signal) => {
        this.hasClosed = true;
        this.fail({ kind: "died", code, signal });
        resolve();
      });
    });
    this.timerMilliseconds = options.startMilliseconds ?? options.timeoutMilliseconds;
    this.timer = setTimeout(() => this.runOut(), this.timerMilliseconds);
  }

  /**
   * Writes lines and waits for so many back.
   *
   * @throws AdapterFault when it hangs, dies, floods us, or has said something unasked before
   */
  async exchange(text: string, owed: number): Promise<readonly string[]> {
    if (this.ended) throw this.ended;
    return new Promise((resolve, reject) => {
      this.waiting = { lines: [], owed, resolve, reject };
      this.startTimer();
      this.child.stdin.write(text);
      if (this.partial !== "") this.hear("");
    });
  }

  /** Writes a part of a line. */
  write(text: string): void {
    this.child.stdin.write(text);
  }

  /** Ends it because of what it said; the fault is what every later exchange throws. */
  async blame(kind: FaultKind): Promise<AdapterFault> {
    if (this.ended === null) {
      const fault = this.faultOf(kind);
      this.ended = fault;
      this.kill();
      await this.closed;
      /** What it wrote until its end belongs to its last words. */
      this.ended = new AdapterFault({ ...fault.fault, lastWords: this.lastWords() });
    }
    return this.ended;
  }

  /** Gives it time to end by itself, and gives the exit code; null when it had to be ended. */
  async farewell(last: "bye" | "end-of-input", text = ""): Promise<number | null> {
    if (this.hasClosed) return this.child.exitCode;
    this.during = last === "bye" ? "after bye" : "after the end of its input";
    this.ended ??= this.faultOf({ kind: "died", code: null, signal: null });
    if (last === "bye") this.child.stdin.write(text);
    else this.child.stdin.end();
    const timer = setTimeout(() => this.kill(), this.options.timeoutMilliseconds);
    await this.closed;
    clearTimeout(timer);
    clearTimeout(this.timer);
    return this.child.exitCode;
  }

  /** Ends it at once, and comes back when it is gone. */
  async end(): Promise<void> {
    this.ended ??= this.faultOf({ kind: "died", code: null, signal: "SIGKILL" });
    this.kill();
    await this.closed;
    clearTimeout(this.timer);
  }

  /** One timer is wound up again and again; only the first exchange may have another time. */
  private startTimer(): void {
    if (this.isFirst) this.isFirst = false;
    else if (this.timerMilliseconds !== this.options.timeoutMilliseconds) {
      clearTimeout(this.timer);
      this.timerMilliseconds = this.options.timeoutMilliseconds;
      this.timer = setTimeout(() => this.runOut(), this.timerMilliseconds);
    }
    this.timer.refresh();
  }

  private hear(text: string): void {
    this.partial += text;
    const { waiting } = this;
    let from = 0;
    while (waiting !== null && waiting.lines.length < waiting.owed) {
      const at = this.partial.indexOf("\n", from);
      if (at < 0) break;
      waiting.lines.push(this.partial.slice(from, at));
      from = at + 1;
    }
    this.partial = this.partial.slice(from);
    if (this.partial.length > longestLineBytes) {
      this.fail({ kind: "flooded", bytes: this.partial.length });
      this.kill();
    } else if (waiting !== null && waiting.lines.length === waiting.owed) {
      this.waiting = null;
      waiting.resolve(waiting.lines);
    }
  }

  private keep(text: string): void {
    this.stderr = (this.stderr + text).slice(-keptStderr);
  }

  private lastWords(): readonly string[] {
    const lines = this.stderr.split(/\r?\n/).filter((line) => line.trim() !== "");
    return lines
      .slice(-toldLines)
      .map((line) => line.replace(/\p{C}/gu, "?").slice(0, longestTold));
  }

  private faultOf(kind: FaultKind): AdapterFault {
    const fault: Fault = { ...kind, during: this.during, lastWords: this.lastWords() };
    return new AdapterFault(fault);
  }

  /** Nothing can be asked any more. Only the first reason counts. */
  private fail(kind: FaultKind): void {
    clearTimeout(this.timer);
    this.ended ??= this.faultOf(kind);
    const { waiting } = this;
    this.waiting = null;
    waiting?.reject(this.ended);
  }

  private runOut(): void {
    if (this.waiting === null || this.ended) return;
    this.fail({ kind: "hung", milliseconds: this.timerMilliseconds });
    this.kill();
  }

  private kill(): void {
    const { pid } = this.child;
    if (pid === undefined || this.hasClosed) return;
    try {
      process.kill(isWindows ? pid : -pid, "SIGKILL");
    } catch {
      /** It is gone already. */
    }
  }
}
