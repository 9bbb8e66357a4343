/** What one release says of something, by the name of what it is about. */
export type Facts = ReadonlyMap<string, string>;

export interface FactsBeside {
  readonly same: number;
  /** One line for each fact that is new, gone or another one, by name. */
  readonly differences: readonly string[];
}

export function compareFacts(committed: Facts, recorded: Facts): FactsBeside {
  const names = [...new Set([...committed.keys(), ...recorded.keys()])].toSorted();
  const differences = names.flatMap((name) => {
    const [before, now] = [committed.get(name), recorded.get(name)];
    if (before === now) return [];
    if (before === undefined) return [`new: \`${name}\`: ${now}`];
    if (now === undefined) return [`gone: \`${name}\`: ${before}`];
    return [`changed: \`${name}\`: ${now}; was ${before}`];
  });
  return { same: names.length - differences.length, differences };
}
