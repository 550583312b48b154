/**
 * The script of a page: chooses a step, shows the state after it, and follows a page through the
 * timeline. Everything it shows is made as text nodes; nothing is fetched, nothing is kept.
 *
 * @typedef {import("./page-data.ts").PageData} PageData
 * @typedef {{ readonly element: HTMLElement, readonly subject: string, readonly parts: number[] }} Card
 */

/** @type {PageData} */
const data = JSON.parse(document.getElementById("data")?.textContent ?? "{}");
const last = data.steps.length;

/** Values that say nothing: their rows are faint, and a card of nothing else is small. */
const quiet = new Set(["no", "none", "nobody", "free", "0", "junk"]);

const titles = new Map([
  ["page", "Pages"],
  ["frame", "Frames and their tags"],
  ["storage-page", "Tag storage"],
  ["block", "Blocks"],
  ["slot", "Swap slots"],
  ["file-page", "Files and the page cache"],
  ["lock", "Locks"],
]);

let chosen = 0;
let followed = "";

/** @param {string} id */
const element = (id) => {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no element ${id}`);
  return found;
};

/**
 * @param {string} tag
 * @param {string} [className]
 * @param {string} [text]
 */
const make = (tag, className = "", text = "") => {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
};

/** The values of all parts after a step. @param {number} step */
const valuesAfter = (step) => {
  const values = [...data.initial];
  for (const { changes } of data.steps.slice(0, step))
    for (const [part, , after] of changes) values[part] = after;
  return values;
};

/** One card for each subject, made once. @returns {Card[]} */
const makeCards = () => {
  /** @type {Map<string, Card>} */
  const cards = new Map();
  /** @type {Map<string, HTMLElement>} */
  const groups = new Map();
  data.parts.forEach(({ kind, subject }, part) => {
    const known = cards.get(subject);
    if (known) {
      known.parts.push(part);
      return;
    }
    const title = titles.get(kind) ?? "The rest";
    let group = groups.get(title);
    if (!group) {
      group = make("div", "cards");
      groups.set(title, group);
      element("state").append(make("h2", "", title), group);
    }
    const card = make("article", "card");
    card.dataset["subject"] = subject;
    card.tabIndex = 0;
    card.addEventListener("click", () => follow(followed === subject ? "" : subject));
    group.append(card);
    cards.set(subject, { element: card, subject, parts: [part] });
  });
  return [...cards.values()];
};

/** A value; tags as one box for each granule. @param {string} label @param {string} value */
const valueNodes = (label, value) => {
  if (!/tag/i.test(label) || value === "none") return [document.createTextNode(value)];
  if (!/^(?:(?:data \d+|junk|none|\d+) ?)+$/.test(value)) return [document.createTextNode(value)];
  return (value.match(/data \d+|\S+/g) ?? []).map((each) => make("span", "granule", each));
};

/** @param {readonly string[]} values @param {string} subject */
const placeOf = (values, subject) =>
  values[data.parts.findIndex((part) => part.subject === subject && part.label === "lies in")];

/**
 * What is followed with a page: the frame it lies in, and the storage page of that frame's tags.
 * @param {readonly string[]} values
 */
const along = (values) => {
  const all = new Set(followed === "" ? [] : [followed]);
  const place = placeOf(values, followed);
  if (place === undefined || place === "none") return all;
  all.add(place);
  const frame = /^frame (\d+)$/.exec(place)?.[1];
  const storage = frame === undefined ? undefined : data.storageOf[Number(frame)];
  return storage === undefined ? all : all.add(`storage page ${storage}`);
};

/** The steps that do something to what is followed, from 1. */
const stepsFollowed = () => {
  if (followed === "") return [];
  const handle = /^page (\d+)$/.exec(followed)?.[1];
  return data.steps.flatMap(({ changes, pages }, index) => {
    const subjects = new Set([...along(valuesAfter(index)), ...along(valuesAfter(index + 1))]);
    const changed = changes.some(([part]) => subjects.has(data.parts[part]?.subject ?? ""));
    const named = handle !== undefined && pages.includes(Number(handle));
    return changed || named ? [index + 1] : [];
  });
};

const cards = makeCards();

const showState = () => {
  const values = valuesAfter(chosen);
  /** @type {Map<number, string>} */
  const before = new Map(data.steps[chosen - 1]?.changes.map(([part, was]) => [part, was]) ?? []);
  const near = along(values);
  for (const { element: card, subject, parts } of cards) {
    const list = make("dl");
    for (const part of parts) {
      const value = values[part] ?? "";
      const { label } = data.parts[part] ?? { label: "" };
      const was = before.get(part);
      const row = make("div", `part${quiet.has(value) ? " quiet" : ""}`);
      const shown = make("dd");
      if (was !== undefined) {
        row.classList.add("changed");
        row.classList.remove("quiet");
        shown.append(make("s", "", was), " -> ");
      }
      shown.append(...valueNodes(label, value));
      row.append(make("dt", "", label), shown);
      list.append(row);
    }
    const isIdle = parts.every((part) => quiet.has(values[part] ?? "") && !before.has(part));
    card.className = `card${isIdle ? " idle" : ""}${near.has(subject) ? " followed" : ""}`;
    const short = values[parts[0] ?? -1] === "free" ? "free" : "unused";
    card.replaceChildren(make("h3", "", isIdle ? `${subject}: ${short}` : subject), list);
  }
};

/** @param {number} step @param {"scroll" | "stay" | "open"} [how] as the page opens, nothing moves */
const choose = (step, how = "scroll") => {
  chosen = Math.min(Math.max(step, 0), last);
  for (const row of document.querySelectorAll(".step.chosen")) row.classList.remove("chosen");
  const row = element(`step-${chosen}`);
  row.classList.add("chosen");
  if (how === "scroll") row.scrollIntoView({ block: "nearest" });
  element("at").textContent = `step ${chosen} of ${last}`;
  if (how !== "open") history.replaceState(null, "", `#step-${chosen}`);
  showState();
};

/** After the last step of a loop comes its first. */
const next = () =>
  choose(data.loop !== null && chosen === data.loop.to ? data.loop.from : chosen + 1);

/** @param {string} subject "" follows nothing */
const follow = (subject) => {
  followed = subject;
  const select = element("follow");
  if (select instanceof HTMLSelectElement) select.value = subject;
  const steps = new Set(stepsFollowed());
  for (const row of document.querySelectorAll("[data-step]"))
    row.classList.toggle("followed", steps.has(Number(row.id.replace("step-", ""))));
  showState();
};

const followNextPage = () => {
  const pages = [
    ...new Set(data.parts.filter(({ kind }) => kind === "page").map((p) => p.subject)),
  ];
  follow(pages[pages.indexOf(followed) + 1] ?? "");
};

const toFollowed = (/** @type {1 | -1} */ way) => {
  const steps = stepsFollowed();
  const to =
    way === 1 ? steps.find((step) => step > chosen) : steps.findLast((step) => step < chosen);
  if (to !== undefined) choose(to);
};

const turnTheme = () => {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  const now = root.dataset["theme"] ?? (dark ? "dark" : "light");
  root.dataset["theme"] = now === "dark" ? "light" : "dark";
};

/** @type {ReadonlyMap<string, () => void>} */
const keys = new Map([
  ...["ArrowDown", "ArrowRight", "j"].map((key) => /** @type {const} */ ([key, next])),
  ...["ArrowUp", "ArrowLeft", "k"].map(
    (key) => /** @type {const} */ ([key, () => choose(chosen - 1)]),
  ),
  ["Home", () => choose(0)],
  ["End", () => choose(last)],
  ["f", followNextPage],
  ["n", () => toFollowed(1)],
  ["p", () => toFollowed(-1)],
  ["Escape", () => follow("")],
  ["t", turnTheme],
]);

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.target instanceof HTMLSelectElement && event.key !== "Escape") return;
  const act = keys.get(event.key);
  if (!act) return;
  event.preventDefault();
  act();
});
for (const row of document.querySelectorAll("[data-step]"))
  row.addEventListener("click", (event) => {
    event.preventDefault();
    choose(Number(row.id.replace("step-", "")), "stay");
  });
element("first").addEventListener("click", () => choose(0));
element("previous").addEventListener("click", () => choose(chosen - 1));
element("next").addEventListener("click", next);
element("last").addEventListener("click", () => choose(last));
element("theme").addEventListener("click", turnTheme);
const select = element("follow");
for (const { subject } of cards) {
  const option = document.createElement("option");
  option.value = subject;
  option.textContent = subject;
  select.append(option);
}
select.addEventListener("change", () => {
  if (select instanceof HTMLSelectElement) follow(select.value);
});
addEventListener("hashchange", () => choose(Number(/^#step-(\d+)$/.exec(location.hash)?.[1] ?? 0)));
choose(Number(/^#step-(\d+)$/.exec(location.hash)?.[1] ?? 0), "open");
