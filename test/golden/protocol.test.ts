/** The protocol's JSON Schema, written from the code: `npx vitest run test/golden/protocol -u`. */
import { expect, test } from "vitest";
import { protocolAsJsonSchema } from "../../oracle/index.ts";

test("docs/protocol.schema.json is what the code reads", async () => {
  const text = `${JSON.stringify(protocolAsJsonSchema(), null, 2)}\n`;
  await expect(text).toMatchFileSnapshot("../../docs/protocol.schema.json");
});
