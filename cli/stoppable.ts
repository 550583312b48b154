/** Long runs that a user can end with what is known by then. */

/** Runs until the end, Ctrl-C or SIGTERM; a second one ends the program at once. */
export const stoppable = async <T>(run: (signal: AbortSignal) => Promise<T>) => {
  const controller = new AbortController();
  const stop = () => controller.abort();
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
  try {
    const result = await run(controller.signal);
    return { result, interrupted: controller.signal.aborted };
  } finally {
    process.off("SIGINT", stop);
    process.off("SIGTERM", stop);
  }
};
