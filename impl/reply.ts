/** What became of a request for an action. */
export const reply = {
  /** It was done. */
  ran: 0,
  /** The caller may not ask that, or not now; nothing has changed. */
  refused: 1,
  /** It waits: for a lock, for a condition, or for its CPU; nothing has changed. */
  waits: 2,
} as const;
