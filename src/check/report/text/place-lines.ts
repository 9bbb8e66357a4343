import type { SkippedDocument, UnreadDocument } from '../../read/load.ts';
import { foldPlaces, type Place } from '../fold-places.ts';
import { indented } from './indent.ts';
import type { SectionLook } from './text-options.ts';

const mostPlaces = 3;

/** What was not checked and what was left out: a few places each by themselves, many by their folders. */
export function unreadLines(
  unread: readonly UnreadDocument[],
  skipped: readonly SkippedDocument[],
  look: SectionLook,
): string[] {
  const failures = unread.map(({ message, ...place }) => ({ ...place, text: message }));
  const omissions = skipped.map(({ reason, ...place }) => ({ ...place, text: reason }));
  const lines = [
    ...placeLines(failures, look.paint('red', 'not checked'), look),
    ...placeLines(omissions, 'skipped', look),
  ];
  return lines.length === 0 ? [] : [...lines, ''];
}

function placeLines(all: readonly Place[], label: string, { width, verbose }: SectionLook): string[] {
  return foldPlaces(all).flatMap(({ text, places, folders }) =>
    verbose || places.length <= mostPlaces
      ? places.flatMap((place) => indented(`${spell(place)} ${label}: ${place.text}`, 0, width, 2))
      : indented(`${places.length} places ${label}, in ${folders}: ${text}`, 0, width, 2),
  );
}

function spell({ file, line, column }: Place): string {
  return `${file}:${line}${column === undefined ? '' : `:${column}`}`;
}
