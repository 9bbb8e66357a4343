export interface NotesInputs {
  readonly version: string;
  /** Of the changelog. */
  readonly changes: string;
  /** Of the image: `sha256:...`. */
  readonly imageDigest: string;
  /** What there is in the release, by name. */
  readonly files: Readonly<Record<string, string>>;
  readonly repository: string;
}

export function releaseNotes({ version, changes, imageDigest, files, repository }: NotesInputs): string {
  const owner = repository.replace(/^https:\/\/[^/]+\//, '');
  return `# mesh-shim ${version}

${changes}

## Files

${Object.entries(files)
  .map(([name, about]) => `- \`${name}\`: ${about}`)
  .join('\n')}

## Check what you got

\`\`\`sh
sha256sum --check --ignore-missing SHA256SUMS
gh attestation verify mesh-shim-linux-x64 --repo ${owner}
\`\`\`

The image's index is \`${imageDigest}\`. Whoever builds the commit of the tag \`v${version}\` gets the same bytes: \`npm run release -- ${version}\`.
`;
}
