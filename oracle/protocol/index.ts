/** The adapter protocol: messages, what an adapter can do, and reading what it says. */
export type { Capabilities } from "./capabilities.ts";
export { type CommandLine, commandLineOf } from "./command-line.ts";
export { protocolName, protocolVersion } from "./forms.ts";
export { protocolAsJsonSchema, protocolSchemaOf } from "./json-schema.ts";
export {
  type Answer,
  type HelloReply,
  type Reply,
  type Request,
  replySchema,
  requestSchema,
} from "./messages.ts";
export { type Observation, observationSchema, readingsOf } from "./observation.ts";
export { mistakeIn, parsedJson, type ReadReply, readReply } from "./read-reply.ts";
