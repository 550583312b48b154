/** The suites of designs that live in the model alone: fewer runs, for each step is judged by every row. */
import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { themes } from "../../properties/lockstep/index.ts";
import { modelOnly } from "../../properties/lockstep/model-only.ts";
import { testSuite } from "./suite.ts";

/** Of as many as the others have. */
const share = 1 / 40;

/** More where few steps are about what the design is about: there are four to a suite, or workers. */
const shares: Readonly<Record<string, number>> = { volatile: 1 / 4, "virtio-tmem": 1 / 8 };

const suites = themes.filter(({ designs }) => designs.some((design) => modelOnly.includes(design)));

for (const { name } of suites) testSuite(name, shares[name] ?? share);

test("every design has a suite, and every suite its demands", () => {
  expect(suites.flatMap(({ designs }) => designs.map(({ name }) => name)).sort()).toEqual(
    modelOnly.map(({ name }) => name).sort(),
  );
  const demands = readdirSync(new URL("reach/", import.meta.url));
  for (const { name } of themes) expect(demands).toContain(`${name}.json`);
});
