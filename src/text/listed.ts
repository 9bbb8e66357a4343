const mostNames = 5;

/** Names in a sentence: `a, b and 12 others`. */
export function listed(names: readonly (string | number)[]): string {
  if (names.length <= 1) return names.join('');
  const shown = names.length <= mostNames ? names.length - 1 : mostNames;
  const rest = names.length - shown;
  return `${names.slice(0, shown).join(', ')} and ${rest === 1 ? names.at(-1) : `${rest} others`}`;
}
