/** A region that its host resizes: what the device answers, and what the worker needs to get there. */
import { expect, test } from "vitest";
import { explore } from "../../../checker/index.ts";
import { replacing } from "../../../model/designs/bugs/bug.ts";
import {
  isResized,
  plug,
  requestedSizeOf,
  unplug,
  unplugAll,
  usableSizeOf,
} from "../../../model/designs/virtio-region.ts";
import {
  at,
  type Design,
  designNamed,
  Machinery,
  pluggedSize,
  type World,
} from "../../../model/index.ts";
import { exploreSlice, slicesOf } from "../../../properties/index.ts";
import { phone } from "../../machines.ts";

const design = (name: string): Design => {
  const found = designNamed(name);
  if (!found) throw new Error(`there is no design ${name}`);
  return found;
};

const machineryOf = (of: Design, slice: string): Machinery => {
  const found = slicesOf(phone(), of).find(({ name }) => name === slice);
  if (!found) throw new Error(`there is no slice ${slice}`);
  return new Machinery(of, found.scope);
};

/** The host asks for so many blocks, one of the two is plugged already. */
const asked = (blocks: number): { machinery: Machinery; world: World } => {
  const machinery = machineryOf(design("virtio-tmem"), "resize");
  const does = { kind: "own", name: "requests-blocks", object: blocks } as const;
  const { initial } = machinery;
  if (requestedSizeOf(initial) === blocks) return { machinery, world: initial };
  return { machinery, world: machinery.step(initial, { kind: "environment", does }).next };
};

test("a device gives what is asked for and no more", () => {
  const { machinery, world } = asked(2);
  const { site } = machinery;
  expect([pluggedSize(world), requestedSizeOf(world), usableSizeOf(world)]).toEqual([1, 2, 2]);
  expect(plug(world, site, 0)).toBe("error");
  expect(plug(world, site, 1)).toBe("ack");
  expect(unplug(world, site, 1)).toBe("ack");
  expect(unplug(world, site, 1)).toBe("error");
  expect(pluggedSize(world)).toBe(1);
});

test("it refuses what the host no longer asks for, and what lies beyond the usable region", () => {
  const { machinery, world } = asked(1);
  expect(plug(world, machinery.site, 1)).toBe("error");
  const { world: less } = asked(0);
  expect(unplug(less, machinery.site, 0)).toBe("ack");
  expect(plug(less, machinery.site, 0)).toBe("nack");
});

test("the usable region shrinks when everything is unplugged, and at no other time", () => {
  const { machinery, world } = asked(0);
  expect(usableSizeOf(world)).toBe(1);
  unplug(world, machinery.site, 0);
  expect(usableSizeOf(world)).toBe(1);
  unplugAll(world, machinery.site);
  expect(usableSizeOf(world)).toBe(0);
});

test("a region that is larger than what is asked for never grows", () => {
  const machinery = machineryOf(design("virtio-tmem"), "resize");
  const { verdicts } = explore(machinery, [
    {
      kind: "step",
      id: "never-grows",
      premise: ({ before }) => pluggedSize(before) > requestedSizeOf(before),
      judge: ({ before, after }) =>
        pluggedSize(before) > requestedSizeOf(before) && pluggedSize(after) > pluggedSize(before)
          ? "it grew"
          : null,
    },
  ]);
  expect(verdicts.get("never-grows")?.kind).toBe("holds");
});

/** Is the size reached that the host asked for last? */
const isReached = (of: Design): string | undefined => {
  const differs = (world: World): boolean => pluggedSize(world) !== requestedSizeOf(world);
  const { verdicts } = explore(machineryOf(of, "resize"), [
    { kind: "leadsTo", id: "reached", from: differs, to: (world) => !differs(world) },
  ]);
  return verdicts.get("reached")?.kind;
};

test("the size is reached if work is queued again and the device is not busy for ever", () => {
  const tmem = design("virtio-tmem");
  expect(isReached(tmem)).toBe("holds");
  const { fair: _, ...busyForEver } = tmem;
  expect(isReached(busyForEver)).toBe("broken");
  const works = (tmem.works ?? []).map(({ queued: __, ...work }) => work);
  expect(isReached({ ...tmem, works })).toBe("broken");
});

test("a block that does not wait for its readers is read after it is gone", () => {
  const hasty = replacing(["unplugs-block"], "await-users", ({ when: _, ...action }) => action);
  const tmem = design("virtio-tmem");
  const { site } = machineryOf(tmem, "resize");
  const { findings } = exploreSlice(hasty(tmem), "resize", site.scope, {
    only: ["nothing-unplugged-is-touched"],
    stopAtFirst: true,
  });
  expect(findings.map(({ result }) => result)).toMatchObject([
    { kind: "broken", reason: "actor 0 is at storage page 0, which is unplugged" },
  ]);
});

test("where nobody can follow the host asks for nothing", () => {
  for (const name of ["virtio-tmem", "virtio-mem"])
    for (const { scope } of slicesOf(phone(), design(name))) {
      const machinery = new Machinery(design(name), scope);
      const moves = machinery.movesOfEnvironment(machinery.initial);
      const asks = moves.some((move) => move.kind === "environment" && move.does.kind === "own");
      expect(asks).toBe(isResized(at([scope], 0)));
    }
});
