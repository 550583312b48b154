/** Every kind of operation is in one family, and there only once. */
import { expect, test } from "vitest";
import { operationFamilies, operationSchema } from "../../../model/contract/memory/index.ts";

test("the families have the kinds of the contract, in its order", () => {
  const kinds = operationSchema.options.map((option) => option.unwrap().shape.kind.value);
  expect(Object.values(operationFamilies).flat()).toEqual(kinds);
});
