/** The protocol as JSON Schema, for adapters in languages that can check their messages by it. */
import { z } from "zod";
import { protocolName, protocolVersion, replySchema, requestSchema } from "./messages.ts";

/** JSON Schema draft 2020-12: any line of the protocol, requests and replies. */
export const protocolAsJsonSchema = (): Record<string, unknown> => {
  const schemaOf = (schema: z.ZodType): Record<string, unknown> => {
    const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: "input", reused: "inline" });
    return rest;
  };
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: `${protocolName}, version ${protocolVersion}: one line of it`,
    oneOf: [{ $ref: "#/$defs/request" }, { $ref: "#/$defs/reply" }],
    $defs: { request: schemaOf(requestSchema), reply: schemaOf(replySchema) },
  };
};
