/** A program that is there when it is needed: started when first asked for, and again when it is gone. */
import { type Command, Session, type SessionOptions } from "./session.ts";

export class Host {
  /** How often it had to be started. */
  starts = 0;
  private readonly command: Command;
  private readonly options: SessionOptions;
  private session: Session | null = null;

  constructor(command: Command, options: SessionOptions) {
    this.command = command;
    this.options = options;
  }

  /** The session that goes on, or a new one. @throws AdapterFault when none can be begun */
  async live(): Promise<Session> {
    if (this.session === null) {
      this.starts += 1;
      this.session = await Session.open(this.command, this.options);
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
