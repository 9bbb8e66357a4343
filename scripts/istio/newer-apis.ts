import { tmpdir } from 'node:os';
import { compareVersions } from '../compare-versions.ts';
import { runGo } from '../run-go.ts';

/** The versions of istio.io/api that Go's proxy names: it leaves the older ones out. @throws BuildError */
export function namedApis(): readonly string[] {
  return runGo(['list', '-m', '-versions', 'istio.io/api'], { cwd: tmpdir() }).split(/\s+/).slice(1);
}

/** The known modules, each as its newest patch release, and those of newer minor releases. */
export function withNewer(
  known: Readonly<Record<string, string>>,
  named: readonly string[],
): Readonly<Record<string, string>> {
  const oldest = Object.keys(known)[0] ?? '';
  const apis: Record<string, string> = { ...known };
  for (const version of named) {
    const release = /^v(\d+\.\d+)\.\d+$/.exec(version)?.[1];
    if (release === undefined || compareVersions(release, oldest) < 0) continue;
    const had = apis[release];
    // A commit that stands for a release is older than any version of it.
    if (had === undefined || had.startsWith('v0.0.0-') || compareVersions(version, had) > 0) apis[release] = version;
  }
  return Object.fromEntries(Object.entries(apis).toSorted(([a], [b]) => compareVersions(a, b)));
}
