/** The protocol as JSON Schema, for adapters in languages that can check their messages by it. */
import { z } from "zod";
import { protocolName, protocolVersion } from "./forms.ts";
import { replySchema, requestSchema } from "./messages.ts";

/** JSON Schema draft 2020-12: any line, requests and replies. */
export const protocolSchemaOf = (
  title: string,
  request: z.ZodType,
  reply: z.ZodType,
): Record<string, unknown> => {
  const schemaOf = (schema: z.ZodType): Record<string, unknown> => {
    const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: "input", reused: "inline" });
    return rest;
  };
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title,
    oneOf: [{ $ref: "#/$defs/request" }, { $ref: "#/$defs/reply" }],
    $defs: { request: schemaOf(request), reply: schemaOf(reply) },
  };
};

/** The vocabulary of pages. */
export const protocolAsJsonSchema = (): Record<string, unknown> =>
  protocolSchemaOf(
    `${protocolName}, version ${protocolVersion}: one line of it`,
    requestSchema,
    replySchema,
  );
