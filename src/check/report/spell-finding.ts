import type { Finding } from './finding.ts';
import { isAssumed } from './input-uses.ts';

/** A finding in a few sentences, for reports that show one by one: what happens, where, what cures it, and what it rests on. */
export function spellFinding({ message, fix, byHand, restsOn, worlds }: Finding): string {
  const assumed = restsOn.filter(isAssumed).map(({ input, value }) => `${input} ${value}`);
  const told = restsOn.flatMap(({ input, value, by }) => (by === undefined ? [] : [`${input} ${value} (${by})`]));
  return [
    message,
    ...(worlds === undefined ? [] : [`Only in ${worlds.join(', ')}.`]),
    ...(fix === undefined ? [] : [`${fix.certain ? 'Fix' : 'Proposal'}: ${fix.title}.`]),
    ...(byHand === undefined ? [] : [byHand]),
    ...(assumed.length === 0 ? [] : [`Assumed: ${assumed.join(', ')}.`]),
    ...(told.length === 0 ? [] : [`Read from the files: ${told.join(', ')}.`]),
  ].join(' ');
}
