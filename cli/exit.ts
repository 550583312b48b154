/** Exit codes, as docs/exit-codes.md lists them, and the error that ends a command with one. */
export const exitCodes = {
  asExpected: 0,
  violation: 1,
  usage: 2,
  inconclusive: 3,
  malformedInput: 4,
  internalError: 70,
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** Ends the command with one line on stderr. Nothing was written by then, or all of it. */
export class CommandError extends Error {
  override readonly name = "CommandError";
  readonly code: ExitCode;

  constructor(code: ExitCode, message: string) {
    super(message);
    this.code = code;
  }
}
