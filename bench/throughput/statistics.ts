/** Of a few numbers: the middle one, the ends, and how many are below. */
const ascending = (values: readonly number[]): readonly number[] => {
  if (values.length === 0) throw new RangeError("there is nothing to measure");
  return values.toSorted((one, other) => one - other);
};

/** The smallest value that at least this share of all values does not exceed. */
export const quantile = (values: readonly number[], share: number): number => {
  const sorted = ascending(values);
  const place = Math.max(1, Math.ceil(share * sorted.length)) - 1;
  return sorted[Math.min(place, sorted.length - 1)] ?? Number.NaN;
};

export type Spread = { readonly median: number; readonly min: number; readonly max: number };

export const spreadOf = (values: readonly number[]): Spread => ({
  median: quantile(values, 0.5),
  min: quantile(values, 0),
  max: quantile(values, 1),
});
