/** A program that is there when it is needed: started when first asked for, and again when it is gone. */
import { type Command, type Dialect, Session, type SessionOptions, type Talk } from "./session.ts";
import type { Pages, Words } from "./words.ts";

/** Whoever gives a program that is there, and another one once it is given up. */
export type Hosting<W extends Words = Pages> = {
  readonly live: () => Promise<Talk<W>>;
  readonly drop: () => Promise<void>;
};

export class Host<W extends Words = Pages> {
  /** How often it had to be started. */
  starts = 0;
  private readonly command: Command;
  private readonly options: SessionOptions;
  private readonly dialect: Dialect<W>;
  private session: Session<W> | null = null;

  constructor(command: Command, options: SessionOptions, dialect: Dialect<W>) {
    this.dialect = dialect;
    this.command = command;
    this.options = options;
  }

  /** The session that goes on, or a new one. @throws AdapterFault when none can be begun */
  async live(): Promise<Session<W>> {
    if (this.session === null) {
      this.starts += 1;
      this.session = await Session.open(this.command, this.options, this.dialect);
    }
    return this.session;
  }

  /** Another session from here on; what is left of this one is ended. */
  async drop(): Promise<void> {
    const { session } = this;
    this.session = null;
    await session?.end();
  }

  /** Says bye to the program, if there is one. */
  async leave(): Promise<void> {
    const { session } = this;
    this.session = null;
    await session?.bye();
  }
}
