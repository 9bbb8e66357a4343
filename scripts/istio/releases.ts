import { readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Releases {
  /**
   * Istio's API of each release that the checker knows, as the Go module that carries its annotations, proxy settings and CRDs: the newest patch
   * release that Go can check. Before 1.19 the module had no versions of its own; a commit of that release stands for it.
   */
  readonly apis: Readonly<Record<string, string>>;
  /** Istio itself, of the releases whose source the Go proxy has: its analyzers' messages, and its injector. They have no tags that Go takes for versions. */
  readonly sources: Readonly<Record<string, IstioSource>>;
}

export interface IstioSource {
  readonly version: string;
  /** Modules that its go.mod asks for in versions that the proxy does not have, and the nearest versions that it has. */
  readonly instead?: Readonly<Record<string, string>>;
}

/** `npm run record:istio` writes it. */
export const releasesFile = join(import.meta.dirname, 'releases.json');

export function readReleases(): Releases {
  return JSON.parse(readFileSync(releasesFile, 'utf8')) as Releases;
}

export const { apis: istioApis, sources: istioSources } = readReleases();
