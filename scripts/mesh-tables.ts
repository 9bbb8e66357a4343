import { evidence } from '../src/mesh/profiles/evidence.ts';
import type { MeshName } from '../src/mesh/profiles/profiles.ts';
import { markdownTable } from './markdown-table.ts';

/** What a profile rests on, and how it is known. */
export function evidenceTable(mesh: MeshName): string {
  return markdownTable(
    ['what', 'known of it', 'how'],
    evidence[mesh].map(({ about, fact, source }) => [
      about === 'admin' ? "the quit of Envoy's admin" : `\`${about}\``,
      fact,
      source,
    ]),
  );
}
