/**
 * What is said about a wrong file from outside: one line, with the place and what was expected.
 *
 * Readers throw {@link RefusedInput} from wherever they notice the mistake; their one public
 * function turns it into a value with {@link attempt}. Nothing else is caught: any other exception
 * is a mistake of ours and must be seen.
 */

/** A mistake in a file. `line` counts from 1; `field` is the innermost named thing at fault. */
export type InputError = {
  readonly file: string;
  readonly line: number;
  readonly field: string;
  /** Reads "expected ..., found ...". */
  readonly message: string;
};

/** The value of a reader, or the first mistake in what it read. */
export type Attempt<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: InputError };

/** Thrown inside a reader and caught at its edge by {@link attempt}. */
export class RefusedInput extends Error {
  override readonly name = "RefusedInput";
  readonly inputError: InputError;

  constructor(inputError: InputError) {
    super(describeInputError(inputError));
    this.inputError = inputError;
  }
}

/** Everything that would break a line, or a terminal, out of one line of text. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** The mistake as one line, `file:line: field: expected ..., found ...`, whatever its parts hold. */
export function describeInputError(error: InputError): string {
  const text = `${error.file}:${error.line}: ${error.field}: ${error.message}`;
  return text.replace(UNPRINTABLE, "?");
}

/** Refuses the input; both phrases are completed to "expected ..., found ...". */
export function refuse(
  place: { readonly file: string; readonly line: number; readonly field: string },
  expected: string,
  found: string,
): never {
  const { file, line, field } = place;
  throw new RefusedInput({ file, line, field, message: `expected ${expected}, found ${found}` });
}

/** Runs a reader; a {@link RefusedInput} becomes a value, any other exception passes through. */
export function attempt<T>(read: () => T): Attempt<T> {
  try {
    return { ok: true, value: read() };
  } catch (thrown) {
    if (thrown instanceof RefusedInput) return { ok: false, error: thrown.inputError };
    throw thrown;
  }
}
