/** Work that Ctrl-C (and SIGTERM) ends early, with what is known by then; a second one ends at once. */

export type Stopped<T> = { readonly result: T; readonly interrupted: boolean };

export const stoppable = async <T>(
  run: (signal: AbortSignal) => Promise<T>,
): Promise<Stopped<T>> => {
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
