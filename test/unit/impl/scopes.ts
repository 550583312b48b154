/** Small scopes for tests of the implementation. */
import { makeGeometry, type Scope } from "../../../model/index.ts";

export const scopeOf = (
  more: Partial<Scope> & {
    readonly blocks?: number;
    readonly pages?: number;
    readonly granules?: number;
    readonly blockPages?: number;
  },
): Scope => {
  const { blocks = 2, pages = 3, granules = 2, blockPages = 1, ...rest } = more;
  return {
    geometry: makeGeometry({ granulesPerPage: granules, pagesPerStoragePage: pages, blockPages }, [
      blocks,
    ]),
    otherCmaPages: 0,
    tagValues: 3,
    byteValues: 3,
    slots: 2,
    files: 2,
    pagesPerFile: 2,
    getForm: "keeping",
    folioOrder: 0,
    actors: [{ name: "task", kind: "task", cpu: 0, owner: 0, everyones: true, may: [] }],
    pins: 0,
    dirtyLines: false,
    mayFail: false,
    ...rest,
  };
};
