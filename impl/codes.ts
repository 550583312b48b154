/** The numbers that packed code speaks in, each from the one table that the model uses as well. */
import { frameUses, heldStates, labels, marks, residences, storageUses } from "../model/index.ts";
import { codesOf } from "./columns.ts";

export const frameUse = codesOf(frameUses);
export const storageUse = codesOf(storageUses);
export const heldState = codesOf(heldStates);
export const residence = codesOf(residences);
/** Where an action goes next. */
export const to = codesOf(labels);
export const end = -1;
export const mark = codesOf(marks);

/** The implementation decides; what it decided is in its report. */
export const own = -2;
/** Nothing to choose from; a put that is refused. */
export const none = -1;
