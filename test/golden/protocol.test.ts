/** The protocol's JSON Schemas, written from the code: `npx vitest run test/golden/protocol -u`. */
import { expect, test } from "vitest";
import { processProtocolAsJsonSchema, protocolAsJsonSchema } from "../../oracle/index.ts";

test.each([
  ["protocol", protocolAsJsonSchema],
  ["process", processProtocolAsJsonSchema],
])("docs/%s.schema.json is what the code reads", async (name, schema) => {
  const text = `${JSON.stringify(schema(), null, 2)}\n`;
  await expect(text).toMatchFileSnapshot(`../../docs/${name}.schema.json`);
});
