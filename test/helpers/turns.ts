/** Lets what is under way without timers (promises, streams) come to rest. For tests whose timers are faked, `setImmediate` excepted. */
export async function turns(count = 20): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
