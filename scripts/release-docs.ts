import { recordedApis, recordedInjectors } from './istio/recorded.ts';
import { releaseFacts } from './istio/release-facts.ts';
import { markdownTable } from './markdown-table.ts';

/** Of each release of Istio, whose code was run. */
export function recordsTable(): string {
  const injectors = recordedInjectors();
  return markdownTable(
    ['Istio', 'annotations, settings, kinds', 'the injector'],
    Object.entries(recordedApis())
      .toReversed()
      .map(([release, { module }]) => [release, `\`${module}\``, injectorOf(injectors[release]?.module)]),
  );
}

function injectorOf(module: string | undefined): string {
  return module === undefined ? 'as the nearest one that was run' : `run: \`${module}\``;
}

export function releaseFactsTable(): string {
  return markdownTable(
    ['since', 'what', 'it rests on'],
    releaseFacts.map(({ since, fact, source }) => [since, fact, source]),
  );
}
