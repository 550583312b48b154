/** The page of a counterexample: whole, closed to the network, and true to the run. */
import { describe, expect, test } from "vitest";
import { explain, listPageOf, pageOf } from "../../../counterexamples/index.ts";
import { pageDataOf } from "../../../counterexamples/page/data.ts";
import { saved, savedNames } from "../counterexamples/saved.ts";
import { assets } from "./assets.ts";

const some = savedNames.filter((name, index) => name.startsWith("corpus/") || index % 9 === 0);

const dataIn = (page: string): unknown =>
  JSON.parse(/<script type="application\/json" id="data">(.*?)<\/script>/s.exec(page)?.[1] ?? "");

/** What a browser could fetch, or run, that is not in the page. */
const reaches = (page: string): readonly string[] =>
  [
    ...page.matchAll(
      /\b(?:src|href|action|srcset|data)\s*=\s*"([^"]*)"|url\(|@import|\bimport\s*\(/g,
    ),
  ]
    .map(([all, target]) => target ?? all)
    .filter((target) => !/^#step-\d+$/.test(target));

describe.each(some)("%s", (name) => {
  const explanation = explain(saved(name));
  const page = pageOf(explanation, assets);

  test("fetches nothing", () => {
    expect(reaches(page)).toEqual([]);
    expect(page).toContain("default-src &#39;none&#39;");
    expect(page.match(/<script/g)).toHaveLength(2);
  });

  test("has one element for each step, with its sentence", () => {
    const ids = [...page.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { number } of explanation.steps) expect(ids).toContain(`step-${number}`);
    expect(page.match(/ class="loop"/g)?.length ?? 0).toBe(explanation.loop ? 1 : 0);
  });

  test("its data tell every state of the run", () => {
    const data = pageDataOf(explanation);
    expect(dataIn(page)).toEqual(data);
    const values = [...data.initial];
    for (const [index, { changes }] of data.steps.entries()) {
      for (const [part, before, after] of changes) {
        expect(values[part]).toBe(before);
        values[part] = after;
      }
      expect(values).toEqual(explanation.portraits[index + 1]?.map(({ value }) => value));
    }
  });
});

test("the data of a short run", async () => {
  const data = pageDataOf(explain(saved("corpus/cma-hw-kasan--no-deadlock")));
  await expect(`${JSON.stringify(data, null, 1)}\n`).toMatchFileSnapshot(
    "../../golden/page/cma-hw-kasan--no-deadlock.txt",
  );
});

test("the same run gives the same bytes", () => {
  const once = () => pageOf(explain(saved("corpus/cma--every-operation-ends")), assets);
  expect(once()).toBe(once());
});

test("names from a file stay text", () => {
  const hostile = '</script><img src=x onerror="alert(1)"><!--';
  const story = saved("corpus/cma-hw-kasan--no-deadlock");
  const page = pageOf(explain({ ...story, found: hostile, reason: hostile }), assets, {
    index: { href: "index.html", title: hostile },
  });
  expect(page).not.toContain("<img");
  expect(page.match(/<\/script>/g)).toHaveLength(2);
  expect(reaches(page)).toEqual(["index.html"]);
});

test("an asset that ends its element is refused", () => {
  const story = explain(saved("corpus/cma-hw-kasan--no-deadlock"));
  expect(() => pageOf(story, { ...assets, script: "</script>" })).toThrow("ends its element");
});

test("a list links to its runs and escapes the rest", () => {
  const cell = { text: "broken <1>", standing: "broken", href: "a.html" } as const;
  const none = { text: "holds", standing: "holds", href: null } as const;
  const page = listPageOf(
    {
      title: "a & b",
      intro: ["first"],
      wrong: [{ text: "one <breaks>", href: "b.html" }],
      heads: [
        { name: "one", about: "" },
        { name: "two", about: "" },
      ],
      sections: [{ title: "s", rows: [{ name: "r", about: "<i>", cells: [cell, none] }] }],
      notes: ["n"],
    },
    assets,
  );
  expect(page).toContain('<td class="broken"><a href="a.html">broken &lt;1&gt;</a></td>');
  expect(page).toContain('<li><a href="b.html">one &lt;breaks&gt;</a></li>');
  expect(page).toContain('<td class="holds">holds</td>');
  expect(page).toContain("<title>a &amp; b</title>");
  expect(page).not.toContain("<script");
});
