/**
 * What can go wrong with the program itself, as against what it answers: it does not start, hangs,
 * dies, floods us, or does not speak the protocol. Its last words are kept with it.
 */
import { match } from "ts-pattern";

export type FaultKind =
  | { readonly kind: "not-started"; readonly why: string }
  | { readonly kind: "hung"; readonly milliseconds: number }
  | { readonly kind: "died"; readonly code: number | null; readonly signal: string | null }
  | { readonly kind: "flooded"; readonly bytes: number }
  /** `field` is at fault in the line that it said; `message` reads "expected ..., found ...". */
  | { readonly kind: "misspoke"; readonly field: string; readonly message: string };

export type Fault = FaultKind & {
  /** What it was doing, as a clause: "after hello". */
  readonly during: string;
  /** The end of its stderr, line by line. */
  readonly lastWords: readonly string[];
};

/** Thrown by whoever talks to a program, and caught where the run goes on without it. */
export class AdapterFault extends Error {
  override readonly name = "AdapterFault";
  readonly fault: Fault;

  constructor(fault: Fault) {
    super(describeFault(fault));
    this.fault = fault;
  }
}

/** One line. */
export const describeFault = (fault: Fault): string => {
  const { during } = fault;
  return match(fault)
    .with({ kind: "not-started" }, ({ why }) => `the adapter cannot be started: ${why}`)
    .with(
      { kind: "hung" },
      ({ milliseconds }) => `the adapter did not answer within ${milliseconds} ms, ${during}`,
    )
    .with(
      { kind: "died", signal: null },
      ({ code }) => `the adapter ended with exit code ${code}, ${during}`,
    )
    .with({ kind: "died" }, ({ signal }) => `the adapter was ended by ${signal}, ${during}`)
    .with(
      { kind: "flooded" },
      ({ bytes }) => `the adapter wrote ${bytes} characters without a line break, ${during}`,
    )
    .with(
      { kind: "misspoke" },
      ({ field, message }) => `the adapter breaks the protocol, ${during}: ${field}: ${message}`,
    )
    .exhaustive();
};

/** Is it the adapter that is to blame, and not the implementation behind it? */
export const isAdaptersOwn = ({ kind }: Fault): boolean =>
  kind === "not-started" || kind === "flooded" || kind === "misspoke";
