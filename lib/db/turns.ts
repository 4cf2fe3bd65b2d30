/** So many run at a time; the others wait in the order in which they came. */
export function turns(atOnce: number): <T>(run: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (run) => {
    if (running >= atOnce) await new Promise<void>((begin) => waiting.push(begin));
    else running += 1;
    try {
      return await run();
    } finally {
      // A turn is handed on, not given back, so that nobody who comes now goes before who waits.
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}
