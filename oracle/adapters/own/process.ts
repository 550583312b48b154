#!/usr/bin/env node
/**
 * The adapter of this project's own kernel, in the vocabulary of programs: `node process.js
 * [--kernel 6.12] [--mistake swap-loses-tags]`. One request a line, one reply for each.
 */
import { parseArgs } from "node:util";
import { vocabularyName } from "../../process/entry.ts";
import { processRequestSchema } from "../../process/messages.ts";
import { protocolName, protocolVersion } from "../../protocol/index.ts";
import { kernelCapabilities, mistakes, OwnKernel } from "./kernel.ts";
import { argumentsOf, serve, usage } from "./serve.ts";

const { kernel: version, mistake } = argumentsOf(
  () =>
    parseArgs({
      options: {
        kernel: { type: "string", default: "7.3" },
        mistake: { type: "string" },
      },
    }).values,
);
const planted = mistake === undefined ? undefined : mistakes[mistake];
if (mistake !== undefined && !planted)
  usage(`--mistake: expected one of ${Object.keys(mistakes).join(", ")}`);
const capabilities = kernelCapabilities(version);
const kernel = new OwnKernel(capabilities, planted);

const replyTo = (line: string): object | null => {
  const request = processRequestSchema.parse(JSON.parse(line));
  switch (request.type) {
    case "hello":
      return {
        type: "hello",
        protocol: protocolName,
        version: protocolVersion,
        vocabulary: vocabularyName,
        name: `mte-oracle kernel ${version}`,
        capabilities,
      };
    case "reset":
      kernel.reset();
      return { type: "ready", id: request.id };
    case "operation":
      return kernel.answer(request.id, request.operation);
    case "bye":
      return null;
  }
};

serve(replyTo);
