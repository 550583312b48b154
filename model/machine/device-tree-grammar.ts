/**
 * The grammar of device tree sources, as text for `peggy`, which turns it into a parser when a file
 * is first read, so that nothing generated is committed. The actions build exactly the items that
 * `device-tree-syntax.ts` declares.
 *
 * Evaluated for the task, on Node 20 and without a compiler:
 * - `tree-sitter-devicetree` with `web-tree-sitter`: ships a .wasm, but its install script may build
 *   natively, it rejects `/bits/`, and its recovery from errors, made for editors, does not tell
 *   what was expected;
 * - `chevrotain`: from version 12 on it needs Node 22;
 * - `peggy`: current on Node 20, gives the line and the set of what was expected. Kept.
 *
 * Follows the language of `dtc`, with these limits: no `/plugin/`, no `/incbin/`, no string across
 * lines, expressions without comparisons, logic and `?:`. Nesting is bounded by the caller.
 */
export const deviceTreeGrammar = String.raw`
{{
  const LIMIT_BITS = 64;
  const asWord = (value) => BigInt.asUintN(LIMIT_BITS, value);
  const escapes = { n: "\n", t: "\t", r: "\r", 0: "\0" };
}}
{
  const line = () => location().start.line;
  const refuse = (expected, found, at) =>
    error("expected " + expected + ", found " + found, at ?? location());
  const shorten = (text) => (text.length > 40 ? text.slice(0, 40) + "..." : text);

  function integer(digits) {
    const octal = /^0[0-9]/.test(digits);
    if (octal && /[89]/.test(digits)) refuse("octal digits after a leading 0", shorten(digits));
    const value = digits.length > 70 ? 1n << 64n : BigInt(octal ? "0o" + digits : digits);
    if (value !== asWord(value)) refuse("a value below 2^64", shorten(digits));
    return value;
  }
  function apply(left, operator, right) {
    if ((operator === "/" || operator === "%") && right === 0n) {
      refuse("a divisor that is not zero", "0");
    }
    if ((operator === "<<" || operator === ">>") && right >= 64n) {
      refuse("a shift of 0 to 63 bits", String(right));
    }
    switch (operator) {
      case "+": return asWord(left + right);
      case "-": return asWord(left - right);
      case "*": return asWord(left * right);
      case "/": return left / right;
      case "%": return left % right;
      case "<<": return asWord(left << right);
      case ">>": return left >> right;
      case "&": return left & right;
      case "^": return left ^ right;
      default: return left | right;
    }
  }
  const fold = (first, rest) =>
    rest.reduce((left, [operator, right]) => apply(left, operator, right), first);
  // Negative numbers are 64-bit words here; they fit where their sign survives.
  function fit(value, bits, at) {
    const low = BigInt.asUintN(bits, value);
    const negative = asWord(BigInt.asIntN(bits, value)) === value;
    if (low !== value && !negative) {
      refuse("a value of " + bits + " bits", "0x" + value.toString(16), at);
    }
    return low;
  }
  function cells(bits, list) {
    return list.map(({ at, ...cell }) => {
      if (cell.kind === "number") return { ...cell, value: fit(cell.value, bits, at) };
      if (bits !== 32) refuse("numbers only in an array of " + bits + " bits", "&" + cell.name, at);
      return cell;
    });
  }
}

File = _ Version (_ Version)* _ items:(@TopItem _)* { return items; }

Version = "/dts-v1/" _ ";"

TopItem
  = Preprocessor
  / "/memreserve/" _ (Label _)* Integer _ Integer _ ";" { return { kind: "ignored", line: line() }; }
  / "/omit-if-no-ref/" _ Reference _ ";" { return { kind: "ignored", line: line() }; }
  / "/delete-node/" _ to:Reference _ ";" { return { kind: "delete-reference", line: line(), to }; }
  / labels:(@Label _)* "/" ![a-z] _ body:Body _ ";" { return { kind: "root", line: line(), labels, body }; }
  / labels:(@Label _)* to:Reference _ body:Body _ ";" {
      return { kind: "extend", line: line(), labels, to, body };
    }

Body = "{" _ items:(@BodyItem _)* "}" { return items; }

BodyItem
  = Preprocessor
  / "/delete-property/" _ name:Name _ ";" { return { kind: "delete-property", line: line(), name }; }
  / "/delete-node/" _ name:Name _ ";" { return { kind: "delete-node", line: line(), name }; }
  / ("/omit-if-no-ref/" _)? labels:(@Label _)* head:Head _ rest:Rest _ ";" {
      return { ...rest, line: head.line, labels, name: head.name };
    }

Head = name:Name { return { name, line: line() }; }

Rest
  = body:Body { return { kind: "node", body }; }
  / "=" _ value:Value { return { kind: "property", value }; }
  / "" { return { kind: "property", value: [] }; }

Preprocessor "an item"
  = directive:$("/include/" / ("#" [ \t]* Directive ![A-Za-z0-9,._+*?@#-])) {
      refuse("one self-contained file (run it through the preprocessor first)", directive);
    }

Directive
  = "include" / "define" / "undef" / "ifdef" / "ifndef" / "if" / "elif" / "else" / "endif"
  / "pragma" / "error"

Value = first:Piece rest:(_ "," _ @Piece)* { return [first, ...rest]; }

Piece = (Label _)* piece:BarePiece (_ Label)* { return piece; }

BarePiece
  = "<" list:CellList ">" { return { kind: "cells", line: line(), bits: 32, cells: cells(32, list) }; }
  / "/bits/" _ bits:Integer _ "<" list:CellList ">" {
      const width = Number(bits);
      if (![8, 16, 32, 64].includes(width)) refuse("8, 16, 32 or 64 bits", String(bits));
      return { kind: "cells", line: line(), bits: width, cells: cells(width, list) };
    }
  / text:String { return { kind: "string", line: line(), text }; }
  / "[" _ (Label _)* bytes:(@Byte _ (Label _)*)* "]" {
      return { kind: "bytes", line: line(), bytes };
    }
  / to:Reference { return { kind: "path", line: line(), to }; }

CellList = _ (Label _)* list:(@Cell _ (Label _)*)* { return list; }

Cell
  = value:Primary { return { kind: "number", line: line(), value, at: location() }; }
  / to:Reference { return { ...to, at: location() }; }

Primary
  = Integer
  / Character
  / "(" _ value:Expression _ ")" { return value; }

Expression = first:Exclusive rest:(_ @"|" _ @Exclusive)* { return fold(first, rest); }
Exclusive = first:Conjunction rest:(_ @"^" _ @Conjunction)* { return fold(first, rest); }
Conjunction = first:Shift rest:(_ @"&" _ @Shift)* { return fold(first, rest); }
Shift = first:Sum rest:(_ @("<<" / ">>") _ @Sum)* { return fold(first, rest); }
Sum = first:Product rest:(_ @[+-] _ @Product)* { return fold(first, rest); }
Product = first:Signed rest:(_ @[*/%] _ @Signed)* { return fold(first, rest); }
Signed = signs:(@[~-] _)* value:Primary {
    return signs.reduceRight((v, sign) => asWord(sign === "~" ? ~v : -v), value);
  }

Integer "a number"
  = digits:$("0" [xX] [0-9a-fA-F]+ / [0-9]+) [uUlL]* ![A-Za-z0-9_] { return integer(digits); }

Character "a character"
  = "'" "\\"? char:[^'\\\n] "'" { return BigInt(char.codePointAt(0) & 0xff); }

Byte "a byte of two hexadecimal digits"
  = digits:$([0-9a-fA-F] [0-9a-fA-F]) { return parseInt(digits, 16); }

String "a string"
  = '"' characters:(StringCharacter)* '"' { return characters.join(""); }

StringCharacter
  = "\\" character:[^\n] { return escapes[character] ?? character; }
  / [^"\\\n]

Name "a name" = $[A-Za-z0-9,._+*#?@-]+

Label "a label" = @$([A-Za-z_] [A-Za-z0-9_]*) ":"

Reference "a reference"
  = "&{" name:$[^}\n]+ "}" { return { kind: "path-reference", line: line(), name }; }
  / "&" name:$([A-Za-z_] [A-Za-z0-9_]*) { return { kind: "label-reference", line: line(), name }; }

_ "white space" = ([ \t\r\n\f\v\uFEFF] / Comment / LineMarker)*

Comment = "/*" (!"*/" .)* "*/" / "//" [^\n]*

LineMarker = "#" "line"? [ \t]+ [0-9]+ [^\n]*
`;
