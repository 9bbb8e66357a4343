import type { ReleaseFile } from './release-file.ts';

export interface ProvenanceInputs {
  readonly version: string;
  /** `https://...`, without `.git`. */
  readonly repository: string;
  /** The commit that was built. */
  readonly commit: string;
  /** Files that pin by hash what was fetched for the build. */
  readonly pins: readonly ReleaseFile[];
  readonly node: string;
}

/**
 * What was built from what, as an in-toto statement with a predicate of SLSA Build: the same for the same commit. It is not signed; the
 * release workflow makes a statement of its own that is. Sources: in-toto.io/Statement/v1; slsa.dev/spec/v1.0/provenance.
 */
export function provenanceOf(files: readonly ReleaseFile[], inputs: ProvenanceInputs): string {
  const { version, repository, commit, pins, node } = inputs;
  const tag = `v${version}`;
  const statement = {
    _type: 'https://in-toto.io/Statement/v1',
    subject: files.map(({ name, sha256 }) => ({ name, digest: { sha256 } })),
    predicateType: 'https://slsa.dev/provenance/v1',
    predicate: {
      buildDefinition: {
        buildType: `${repository}/blob/${tag}/CONTRIBUTING.md#release`,
        externalParameters: { version },
        internalParameters: { node },
        resolvedDependencies: [
          { uri: `git+${repository}@refs/tags/${tag}`, digest: { gitCommit: commit } },
          ...pins.map(({ name, sha256 }) => ({ name, digest: { sha256 } })),
        ],
      },
      runDetails: { builder: { id: `${repository}/blob/${tag}/scripts/release/release.ts` } },
    },
  };
  return `${JSON.stringify(statement, null, 2)}\n`;
}
