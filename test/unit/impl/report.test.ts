/** A report keeps what an action did, in words at fixed places, until the next one begins. */
import { expect, test } from "vitest";
import { commitFields, Report } from "../../../impl/report.ts";

const fieldsOf = (report: Report, commit: number) =>
  commitFields.map((_, field) => report.field(commit, field));

test("a commit is ten words: who, what, what was decided, what was seen", () => {
  const report = new Report();
  report.within(11, 12, 13, 14, 15, 16, 17, 18, 19, 20);
  report.own(1, 2, 3, 4, 5, 6);
  report.within(21, 22, 23, 24, 25);
  expect(commitFields).toHaveLength(10);
  expect(fieldsOf(report, 0)).toEqual([11, 12, 13, 14, 17, 18, 15, 16, 19, 20]);
  expect(fieldsOf(report, 1)).toEqual([0, 0, 0, 0, 3, 4, 1, 2, 5, 6]);
  expect(fieldsOf(report, 2)).toEqual([21, 22, 23, 24, 0, 0, 25, 0, 0, 0]);
  const { commits, ownCommits, outcome, value } = report;
  expect({ commits, ownCommits, outcome, value }).toEqual({
    commits: 3,
    ownCommits: 1,
    outcome: 1,
    value: 2,
  });
});

test("what is not said is nothing", () => {
  const report = new Report();
  report.within(21, 22, 23, 24, 25, 26, 27, 28, 29, 30);
  report.begin();
  report.own(9, 8);
  expect(fieldsOf(report, 0).slice(4)).toEqual([0, 0, 9, 8, 0, 0]);
});

test("a new action begins with nothing told, whatever the last one did", () => {
  const report = new Report();
  const { marks, ended, slept, claimed, claimedAtomically, outcome } = report;
  expect({ marks, ended, slept, claimed, claimedAtomically, outcome }).toEqual({
    marks: 0,
    ended: false,
    slept: false,
    claimed: false,
    claimedAtomically: false,
    outcome: -1,
  });
  report.own(3, 4);
  report.mark(0);
  report.mark(5);
  expect(report.marks).toBe(33);
  report.chose = 9;
  report.slept = true;
  report.claimed = true;
  report.ended = true;
  report.begin();
  const { commits, ownCommits, chose } = report;
  expect({ commits, ownCommits, chose }).toEqual({ commits: 0, ownCommits: 0, chose: 0 });
  expect([report.marks, report.outcome]).toEqual([0, -1]);
  expect([report.slept, report.claimed, report.ended]).toEqual([false, false, false]);
});

test("more commits than it can keep are counted, and those that it keeps stay as they are", () => {
  const report = new Report();
  for (let commit = 1; commit <= 70; commit++)
    report.within(commit, commit, commit, commit, commit);
  report.own(1, 1);
  expect([report.commits, report.ownCommits]).toEqual([71, 1]);
  for (const commit of [1, 2, 63, 64])
    expect(fieldsOf(report, commit - 1).slice(0, 4)).toEqual([commit, commit, commit, commit]);
  expect(report.field(64, 0)).toBe(0);
});
