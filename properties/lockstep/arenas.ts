/** The places in which a theme is run: its designs, their scopes, without and with real lists. */
import { Arena } from "./arbitrary.ts";
import type { Under } from "./floors.ts";
import type { Theme } from "./themes.ts";

/** @param names only these designs; left out: all of the theme */
export const arenasOf = (
  theme: Theme,
  names?: readonly string[],
  under: Under = {},
): readonly Arena[] =>
  theme.designs
    .filter(({ name }) => names?.includes(name) ?? true)
    .flatMap((design) =>
      theme
        .scopes(design)
        .flatMap((scope) =>
          [false, true].map((lists) => new Arena(theme.name, design, scope, lists, under)),
        ),
    );
