/**
 * As much of vitest as the mutated rooms' tests use, without its workers: `test` only writes down
 * what there is to run, so that it can be run again for each mutant. `expect` is vitest's own.
 */
import * as fs from "node:fs";
import * as path from "node:path";
import { chai, JestAsymmetricMatchers, JestChaiExpect, JestExtend } from "@vitest/expect";

chai.use(JestExtend);
chai.use(JestChaiExpect);
chai.use(JestAsymmetricMatchers);
chai.use(({ Assertion, AssertionError }) => {
  Assertion.addMethod("toMatchFileSnapshot", function (this: Chai.AssertionStatic, file: string) {
    const wanted = fs.readFileSync(path.resolve(path.dirname(fileOfNow), file), "utf8");
    if (this._obj !== wanted) throw new AssertionError(`differs from ${file}`);
  });
});

type Body = () => unknown;

/** A test as it was written down. `id` is the same in every process that loads the same files. */
export type Written = { readonly id: string; readonly file: string; readonly body: Body };

/** In the order of the files and of their lines. */
export const written: Written[] = [];

let fileOfNow = "";
let within: readonly string[] = [];

/** From now on, tests belong to this file (a path). */
export const beginFile = (file: string): void => {
  fileOfNow = file;
  within = [];
};

/** `expect` resolves the paths of snapshots against the file whose test runs. */
export const run = async ({ file, body }: Written): Promise<void> => {
  fileOfNow = file;
  await body();
};

const write = (name: string, body: Body): void => {
  const id = [path.relative(process.cwd(), fileOfNow), ...within, name].join(" > ");
  const before = written.filter((one) => one.id.startsWith(id)).length;
  written.push({ id: before === 0 ? id : `${id} (${before})`, file: fileOfNow, body });
};

const inside = (name: string, body: () => void): void => {
  const outside = within;
  within = [...outside, name];
  body();
  within = outside;
};

/** The names of rows need only differ. */
const rowsOf = <Row>(rows: readonly Row[]) =>
  rows.map((row, index) => ({ index, given: Array.isArray(row) ? row : [row] }));

type RowBody<T> = (...given: readonly unknown[]) => T;

const eachOf =
  <T>(one: (name: string, body: () => T) => void) =>
  (rows: readonly unknown[]) =>
  (name: string, body: RowBody<T>): void => {
    for (const { index, given } of rowsOf(rows)) one(`${name} [${index}]`, () => body(...given));
  };

export const test = Object.assign(write, { each: eachOf(write) });
export const describe = Object.assign(inside, { each: eachOf(inside) });

export const expect = Object.assign(
  (value: unknown, message?: string) => chai.expect(value, message),
  {
    unreachable: (message = "expected not to come here"): never => {
      throw new chai.AssertionError(message);
    },
  },
);

/** Types are checked before anything runs. */
export const expectTypeOf = () => ({ toEqualTypeOf: () => {} });
