/** JUnit XML and annotations: well formed, whatever a name or a message holds. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { create } from "xmlbuilder2";
import { type CiCase, casesAsAnnotations, casesAsJunit } from "../../../cli/ci-report.ts";

const pass: CiCase = {
  group: "cma",
  name: "row",
  verdict: { kind: "pass", note: "holds 12" },
  file: null,
};
const fail: CiCase = {
  group: "cma",
  name: "a: b, c",
  verdict: { kind: "fail", message: "50% of\nit <fails>" },
  file: "a,b.json",
};
const skip: CiCase = {
  group: "carveout",
  name: "row",
  verdict: { kind: "skip", why: "n/a" },
  file: null,
};

test("a suite for each group, with its counts", () => {
  expect(casesAsJunit("check", [pass, skip, fail])).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="mte-oracle check" tests="3" failures="1" errors="0" skipped="1">
  <testsuite name="cma" tests="2" failures="1" errors="0" skipped="0">
    <testcase name="row" classname="cma">
      <system-out>holds 12</system-out>
    </testcase>
    <testcase name="a: b, c" classname="cma" file="a,b.json">
      <failure message="50% of it &lt;fails&gt;"/>
    </testcase>
  </testsuite>
  <testsuite name="carveout" tests="1" failures="0" errors="0" skipped="1">
    <testcase name="row" classname="carveout">
      <skipped message="n/a"/>
    </testcase>
  </testsuite>
</testsuites>
`);
});

test("an annotation for each failure, and its signs escaped", () => {
  expect(casesAsAnnotations([pass, fail, skip])).toBe(
    "::error file=a%2Cb.json,line=1,title=cma%3A a%3A b%2C c::50%25 of%0Ait <fails>\n",
  );
});

test("whatever a message holds, the document is XML and an annotation is one line", () => {
  const text = fc.string({ unit: "binary", minLength: 1 });
  fc.assert(
    fc.property(text, text, text, (group, name, message) => {
      const cases: CiCase[] = [
        { group, name, verdict: { kind: "fail", message }, file: name },
        { group, name, verdict: { kind: "pass", note: message }, file: null },
      ];
      expect(create(casesAsJunit("check", cases)).root().node.childNodes).toHaveLength(1);
      expect(casesAsAnnotations(cases)).toMatch(/^::error [^\n\r]*\n$/);
    }),
    { numRuns: 500, seed: 5 },
  );
});
