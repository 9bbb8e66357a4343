import { listed } from '../../text/listed.ts';
import { groupBy } from '../model/group-by.ts';

/** A place that was not checked or left out, and why. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column?: number;
  readonly text: string;
}

/** Places of which the same is said, but for numbers and quoted texts. */
export interface PlaceGroup {
  /** What is said of the first. */
  readonly text: string;
  readonly places: readonly Place[];
  /** Where they are: `a/b (3), c (1)`. */
  readonly folders: string;
}

const mostFolders = 3;

export function foldPlaces(places: readonly Place[]): readonly PlaceGroup[] {
  return [...groupBy(places, shapeOf).values()].map((own) => ({
    text: own[0]?.text ?? '',
    places: own,
    folders: listed([...foldersOf(own)].map(([folder, count]) => `${folder} (${count})`)),
  }));
}

/** A reason without what differs from place to place, and without the lines of source below it. */
function shapeOf({ text }: Place): string {
  const [first = ''] = text.split('\n');
  return first.replaceAll(/"[^"]*"|\d+/g, '*');
}

/** How many places are in which folder; where there are many folders, in those above them. */
function foldersOf(places: readonly Place[]): Map<string, number> {
  const folders = places.map(({ file }) => file.split('/').slice(0, -1));
  let depth = Math.max(...folders.map(({ length }) => length));
  while (depth > 1 && countsAt(folders, depth).size > mostFolders) depth -= 1;
  return countsAt(folders, depth);
}

function countsAt(folders: readonly (readonly string[])[], depth: number): Map<string, number> {
  const counts = new Map<string, number>();
  for (const folder of folders) {
    const name = folder.slice(0, depth).join('/') || '.';
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}
