/**
 * The model in Promela. Two contexts are two processes and every step is one `d_step`; a third
 * process watches the invariants: it is looked at in each state and never moves in a correct model.
 */
import type { Instance } from "./tagstore/model.ts";

const range = (count: number, from = 0): readonly number[] =>
  Array.from({ length: count }, (_, index) => index + from);

/** One way on in a loop: a guard, and what is then done. */
const option = (guard: string, ...effects: readonly string[]): string =>
  `:: d_step { (${guard}) -> ${effects.length === 0 ? "skip" : effects.join("; ")} }`;

const head = ({ S, G, O }: Instance): string => {
  const pages = S * G;
  return `#define FREE 0
#define UNTAGGED 1
#define TAGGED 2
#define SWAPPED 3
#define SWAPPED_TAGGED 4
#define UNUSED 0
#define CACHED 1
#define TAGS 2
#define DATA 3
#define KERNEL ${O}
byte kind[${pages}], owner[${pages}], tag[${pages}], want[${pages}];
byte content[${S}], key[${S}], ref[${S}], pin[${S}];
byte pc, target;
inline release(s) { ref[s] = ref[s] - 1; if :: (ref[s] == 0) -> content[s] = UNUSED
  :: else -> skip fi }
inline grab(s) { if :: (content[s] == TAGS) -> ref[s] = ref[s] + 1
  :: else -> content[s] = TAGS; key[s] = 0; pin[s] = 0; ref[s] = 1 fi }
inline freepage(d) { kind[d] = FREE; owner[d] = 0; tag[d] = 0; want[d] = 0 }
inline vacate(s) { content[s] = UNUSED; key[s] = 0; ref[s] = 0; pin[s] = 0 }
inline failed(d) { if :: (kind[d] == UNTAGGED) -> freepage(d) :: else -> skip fi;
  pc = 0; target = 0 }`;
};

const pageOfProcess = (d: number, { G, T, O }: Instance): readonly string[] => {
  const s = Math.floor(d / G);
  const idle = (kind: string): string => `pc == 0 && kind[${d}] == ${kind}`;
  const users = `owner[${d}] != KERNEL`;
  return [
    ...range(O).flatMap((user) => [
      option(idle("FREE"), `kind[${d}] = UNTAGGED`, `owner[${d}] = ${user}`),
      option(
        idle("FREE"),
        ...[`kind[${d}] = UNTAGGED`, `owner[${d}] = ${user}`, "pc = 1", `target = ${d}`],
      ),
    ]),
    option(
      `pc == 0 && kind[${d}] != FREE && ${users}`,
      `if :: (kind[${d}] == TAGGED) -> release(${s}) :: else -> skip fi`,
      `freepage(${d})`,
    ),
    ...range(T).map((value) =>
      option(
        `${idle("TAGGED")} && ${users} && tag[${d}] != ${value}`,
        ...[`tag[${d}] = ${value}`, `want[${d}] = ${value}`],
      ),
    ),
    option(`${idle("TAGGED")} && ${users}`, `kind[${d}] = SWAPPED_TAGGED`, `release(${s})`),
    option(idle("UNTAGGED"), `kind[${d}] = SWAPPED`),
    option(idle("SWAPPED"), `kind[${d}] = UNTAGGED`),
    option(idle("SWAPPED_TAGGED"), "pc = 1", `target = ${d}`),
  ];
};

const stepsOfProcess = ({ G, T, bug }: Instance): readonly string[] => {
  const s = `target / ${G}`;
  const pinned = `content[${s}] == DATA && pin[${s}] == 1`;
  const dropped =
    bug === "blinddrop"
      ? `vacate(${s})`
      : `if :: (content[${s}] == CACHED || content[${s}] == DATA) -> vacate(${s})
        :: else -> skip fi`;
  const done = ["pc = 0", "target = 0"];
  return [
    option(
      `pc == 1 && (content[${s}] == UNUSED || content[${s}] == TAGS)`,
      ...[`grab(${s})`, "pc = 3"],
    ),
    option(
      `pc == 1 && (content[${s}] == CACHED || (content[${s}] == DATA && pin[${s}] == 0))`,
      "pc = 2",
    ),
    option(`pc == 1 && ${pinned}`, "failed(target)"),
    option(`pc == 2 && !(${pinned})`, dropped, "pc = 1"),
    option(`pc == 2 && ${pinned}`, "failed(target)"),
    ...range(T).map((value) =>
      option(
        "pc == 3 && kind[target] == UNTAGGED",
        ...["kind[target] = TAGGED", `tag[target] = ${value}`, `want[target] = ${value}`, ...done],
      ),
    ),
    option("pc == 3 && kind[target] == SWAPPED_TAGGED", "kind[target] = TAGGED", ...done),
  ];
};

const processContext = (instance: Instance): readonly string[] => [
  ...range(instance.S * instance.G).flatMap((d) => pageOfProcess(d, instance)),
  ...range(instance.S).flatMap((s) => [
    option(`pc == 0 && content[${s}] == UNUSED`, `content[${s}] = DATA`),
    option(`pc == 0 && content[${s}] == DATA && pin[${s}] == 0`, `content[${s}] = UNUSED`),
  ]),
  ...stepsOfProcess(instance),
];

const atomicContext = ({ S, G, T, K }: Instance): readonly string[] => [
  ...range(S * G).flatMap((d) => {
    const s = Math.floor(d / G);
    const tagged = [`kind[${d}] = TAGGED`, `owner[${d}] = KERNEL`];
    return [
      ...range(T).map((value) =>
        option(
          `kind[${d}] == FREE && content[${s}] != DATA`,
          ...[`grab(${s})`, ...tagged, `tag[${d}] = ${value}`, `want[${d}] = ${value}`],
        ),
      ),
      option(`kind[${d}] == TAGGED && owner[${d}] == KERNEL`, `release(${s})`, `freepage(${d})`),
    ];
  }),
  ...range(S).flatMap((s) => [
    option(`content[${s}] == DATA && pin[${s}] == 0`, `pin[${s}] = 1`),
    option(`content[${s}] == DATA && pin[${s}] == 1`, `pin[${s}] = 0`),
  ]),
  ...range(K, 1).flatMap((k) => {
    const absent = range(S)
      .map((s) => `key[${s}] != ${k}`)
      .join(" && ");
    return [
      option(absent),
      ...range(S).flatMap((s) => {
        const holds = `content[${s}] == CACHED && key[${s}] == ${k}`;
        const gone = [`content[${s}] = UNUSED`, `key[${s}] = 0`];
        const put = [`content[${s}] = CACHED`, `key[${s}] = ${k}`];
        // A hit and an invalidation do the same here, and are two steps.
        return [
          option(`content[${s}] == UNUSED && ${absent}`, ...put),
          option(holds, ...gone),
          option(holds, ...gone),
        ];
      }),
    ];
  }),
];

const invariants = ({ S, G }: Instance): readonly string[] =>
  range(S).flatMap((s) => {
    const pages = range(G, s * G);
    const tagged = pages.map((d) => `(kind[${d}] == TAGGED)`).join(" + ");
    return [
      ...pages.flatMap((d) => [
        `(kind[${d}] != TAGGED || content[${s}] == TAGS)`,
        `((kind[${d}] != TAGGED && kind[${d}] != SWAPPED_TAGGED) || tag[${d}] == want[${d}])`,
      ]),
      `((content[${s}] == TAGS) == (ref[${s}] > 0))`,
      `(ref[${s}] == ${tagged} + (pc == 3 && target / ${G} == ${s}))`,
      `((content[${s}] == CACHED) == (key[${s}] != 0))`,
      ...range(s).map((other) => `(key[${s}] == 0 || key[${s}] != key[${other}])`),
    ];
  });

export const promela = (instance: Instance): string =>
  [
    head(instance),
    "active proctype process_context() { end: do",
    ...processContext(instance),
    "od }",
    "active proctype atomic_context() { end: do",
    ...atomicContext(instance),
    "od }",
    `active proctype monitor() { end: d_step { !(${invariants(instance).join(" &&\n  ")})`,
    "  -> assert(false) } }",
    "",
  ].join("\n");
