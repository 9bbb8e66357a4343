import type { Finding } from './finding.ts';

/** A finding in a few sentences, for reports that show one by one: what happens, what cures it, and what is assumed. */
export function spellFinding({ message, fix, restsOn }: Finding): string {
  const assumed = restsOn.filter(({ given }) => !given).map(({ input, value }) => `${input} ${value}`);
  return [
    message,
    ...(fix === undefined ? [] : [`${fix.certain ? 'Fix' : 'Proposal'}: ${fix.title}.`]),
    ...(assumed.length === 0 ? [] : [`Assumed: ${assumed.join(', ')}.`]),
  ].join(' ');
}
