/** The same random inputs for every mutant; a failing input need not be made smaller. */
import fc from "fast-check";

fc.configureGlobal({ seed: 20260101, endOnFailure: true });
