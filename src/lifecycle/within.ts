/** Waits for `work`, but not longer than `limitMs`; whether it ended in time. Rejects when it does in time. */
export async function within(limitMs: number, work: () => Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, limitMs, false);
  });
  const working = work().then(() => true);
  working.catch(() => {}); // after the limit nobody listens, and a late failure must not count as unhandled
  try {
    return await Promise.race([working, limit]);
  } finally {
    clearTimeout(timer);
  }
}
