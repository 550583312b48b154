/**
 * Suites of designs that live in the model alone: one for each such design and its variants. They
 * are run in the scopes of all themes, as the design would have them, with a thread that does its own
 * work.
 */
import { isPacked } from "../../impl/index.ts";
import { type Design, designs, type Scope, withWorker } from "../../model/index.ts";

export type Theme = {
  readonly name: string;
  readonly sentence: string;
  /** Designs that have what the theme is about. */
  readonly designs: readonly Design[];
  /** The scopes in which a design runs: a run picks one. */
  readonly scopes: (design: Design) => readonly Scope[];
};

export const modelOnly: readonly Design[] = designs.filter((design) => !isPacked(design));

const scopesOf = (design: Design, themes: readonly Theme[]): readonly Scope[] =>
  themes
    .flatMap((theme) => theme.scopes(design))
    .flatMap((scope) => (design.scopeFor ? (design.scopeFor("suite", scope) ?? []) : scope))
    .map((scope) => {
      const works = scope.actors.some(({ may }) => may.includes("background"));
      return design.works && !works ? withWorker(scope) : scope;
    });

/**
 * @param alone what has no implementation
 * @param themes whose scopes they are run in
 */
export const themesOf = (alone: readonly Design[], themes: readonly Theme[]): readonly Theme[] => {
  const baseOf = ({ name, variantOf }: Design): string => variantOf ?? name;
  return [...new Set(alone.map(baseOf))].map((base) => {
    const own = alone.filter((design) => baseOf(design) === base);
    const isBase = own.some(({ name }) => name === base);
    return {
      name: isBase ? base : `${base}-variants`,
      sentence: `${own.map(({ name }) => name).join(", ")}, judged by the rows of the table`,
      designs: own,
      scopes: (design) => scopesOf(design, themes),
    };
  });
};
