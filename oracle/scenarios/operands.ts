/** The names of a row while it runs, and what an operand stands for. */
import { type AddressExpression, addressIn, type Names } from "./address.ts";

/** A name that no step has bound so far, because the one that should have did not succeed. */
export class UnboundName extends Error {
  override readonly name = "UnboundName";
  readonly unbound: string;

  constructor(unbound: string) {
    super(`nothing is bound to ${unbound}`);
    this.unbound = unbound;
  }
}

/** The step is well formed, but speaks of something that the model does not have. */
export class OutsideModel extends Error {
  override readonly name = "OutsideModel";
}

/** What one step may touch; rows that are about sizes keep far below it. */
const mostTouched = 2 ** 26;

/** A length that a step works through, byte by byte or granule by granule. */
export const bounded = (length: number): number => {
  if (length <= mostTouched) return length;
  throw new OutsideModel(`a length of ${length}: a step touches at most ${mostTouched} bytes`);
};

export type Bindings = {
  readonly addresses: Names;
  /** Descriptors and pools by name. */
  readonly handles: ReadonlyMap<string, number>;
};

export const noBindings: Bindings = { addresses: new Map(), handles: new Map() };

export const addressOf = (bindings: Bindings, expression: AddressExpression): bigint => {
  const value = addressIn(expression, bindings.addresses);
  if (value !== undefined) return value;
  throw new UnboundName(String(expression.base));
};

export const handleOf = (bindings: Bindings, name: string): number => {
  const handle = bindings.handles.get(name);
  if (handle !== undefined) return handle;
  throw new UnboundName(name);
};

export const withAddress = (
  bindings: Bindings,
  name: string | undefined,
  address: bigint | null,
): Bindings =>
  name === undefined || address === null
    ? bindings
    : { ...bindings, addresses: new Map(bindings.addresses).set(name, address) };

export const withHandle = (bindings: Bindings, name: string, handle: number): Bindings => ({
  ...bindings,
  handles: new Map(bindings.handles).set(name, handle),
});
