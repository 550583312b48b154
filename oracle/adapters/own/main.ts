#!/usr/bin/env node
/**
 * The adapter of this project's own implementation, and an example of one: `node main.js --design
 * cleancache-page [--bug ID]`. It reads requests from stdin and writes one reply for each to stdout.
 */
import { parseArgs } from "node:util";
import { bugs, packedDesigns } from "../../../impl/index.ts";
import { protocolName, protocolVersion, type Reply, requestSchema } from "../../protocol/index.ts";
import { capabilitiesOf, OwnMemory } from "./memory.ts";
import { argumentsOf, serve, usage } from "./serve.ts";

const given = argumentsOf(
  () =>
    parseArgs({
      options: {
        design: { type: "string", default: "cleancache-page" },
        bug: { type: "string", multiple: true, default: [] },
      },
    }).values,
);
const design =
  packedDesigns.find(({ name }) => name === given.design) ??
  usage(`--design: expected one of ${packedDesigns.map(({ name }) => name).join(", ")}`);
const possible = bugs.filter((bug) => bug.designs.includes(design.name));
const planted = given.bug.map(
  (asked) =>
    possible.find(({ id }) => id === asked) ??
    usage(`--bug: expected one of ${possible.map(({ id }) => id).join(", ")}`),
);
const memory = new OwnMemory(design, planted);

const replyTo = (line: string): Reply | null => {
  const request = requestSchema.parse(JSON.parse(line));
  switch (request.type) {
    case "hello":
      return {
        type: "hello",
        protocol: protocolName,
        version: protocolVersion,
        name: `mte-oracle ${design.name}`,
        capabilities: capabilitiesOf(design),
      };
    case "configure":
      memory.configure(request.limits);
      return { type: "ready", id: request.id };
    case "reset":
      memory.reset();
      return { type: "ready", id: request.id };
    case "operation":
      return memory.answer(request.id, request.operation);
    case "bye":
      return null;
  }
};

serve(replyTo);
