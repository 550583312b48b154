/** Nothing that comes from a file becomes markup or script. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { html, jsonForScript } from "../../../counterexamples/page/html.ts";

test("text is escaped, markup is not, and nothing is put in for null", () => {
  const inner = html`<b>${"<i>"}</b>`;
  expect(html`<p title="${'"&'}">${inner}${null}${[inner]}${3}</p>`.text).toBe(
    '<p title="&quot;&amp;"><b>&lt;i&gt;</b><b>&lt;i&gt;</b>3</p>',
  );
});

test("whatever is put in, no sign of markup comes out", () => {
  const texts = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.constantFrom("</script>", "<!--", "]]>", "&lt;"),
  );
  fc.assert(
    fc.property(texts, (text) => {
      expect(html`${text}`.text).not.toMatch(/[<>"']/);
      const script = jsonForScript({ [text]: text }).text;
      expect(script).not.toMatch(/[<>&\u2028\u2029]/);
      expect(JSON.parse(script)).toEqual({ [text]: text });
    }),
    { numRuns: 2000, seed: 5 },
  );
});
