/**
 * Makes the files of a release from what has been built here: `node scripts/release/release-files.ts FOLDER`. The same tree gives the same
 * bytes. `npm run release` calls it in clones of its own.
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { Registries } from '../../src/images/open-source.ts';
import { openTarget } from '../../src/images/open-target.ts';
import { executablePath, nativeArchs } from '../native/targets.ts';
import { reportBuildErrors, runCommand } from '../run-command.ts';
import { sectionOf } from './changelog.ts';
import { provenanceOf } from './provenance.ts';
import { checksums, type ReleaseFile, releaseFile } from './release-file.ts';
import { releaseNotes } from './release-notes.ts';
import { sbom } from './sbom.ts';
import { builtParts, writeShimImage } from './shim-image.ts';
import { executableParts, npmParts, type ShippedPart } from './shipped-parts.ts';

const git = (...words: string[]): string => execFileSync('git', words, { encoding: 'utf8' }).trim();

async function main(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const { version, repository } = JSON.parse(readFileSync('package.json', 'utf8')) as {
    version: string;
    repository: { url: string };
  };
  const repositoryUrl = repository.url.replace(/^git\+|\.git$/g, '');
  const about: Record<string, string> = {};
  const put = (name: string, text: string): string => {
    about[name] = text;
    return join(folder, name);
  };

  const tarball = put(`mesh-shim-${version}.tgz`, 'the npm package');
  await runCommand('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], 'npm package');
  for (const arch of nativeArchs)
    copyFileSync(executablePath(arch), put(`mesh-shim-linux-${arch}`, `the static executable for Linux on ${arch}`));
  const image = put(`mesh-shim-${version}.oci.tar`, 'the image for amd64 and arm64, as an OCI archive');
  const registries = new Registries({ env: {} });
  const epoch = git('log', '-1', '--format=%ct');
  const { digest } = await writeShimImage(openTarget(`archive:${image}:${version}`, registries), builtParts(epoch));
  await registries.close();

  const bill = async (file: ReleaseFile, purl: string, parts: readonly ShippedPart[]): Promise<void> => {
    const path = put(`${file.name}.cdx.json`, `the bill of materials of \`${file.name}\`, CycloneDX`);
    writeFileSync(path, await sbom({ name: 'mesh-shim', version, purl, sha256: file.sha256 }, parts));
  };
  await bill(releaseFile(tarball), `pkg:npm/mesh-shim@${version}`, npmParts());
  for (const arch of nativeArchs) {
    const file = releaseFile(join(folder, `mesh-shim-linux-${arch}`));
    await bill(file, `pkg:generic/mesh-shim@${version}?arch=${arch}`, executableParts());
  }

  const files = readdirSync(folder)
    .toSorted()
    .map((name) => releaseFile(join(folder, name)));
  const pins = ['package-lock.json', 'scripts/native/tools.txt', 'scripts/native/engine.txt'];
  const statement = provenanceOf(files, {
    version,
    repository: repositoryUrl,
    commit: git('rev-parse', 'HEAD'),
    pins: pins.map((path) => releaseFile(path, path)),
    node: process.version,
  });
  const provenance = put('provenance.intoto.json', 'what was built from what: an in-toto statement, SLSA provenance');
  writeFileSync(provenance, statement);
  writeFileSync(join(folder, 'SHA256SUMS'), checksums([...files, releaseFile(provenance)]));
  const changes = sectionOf(readFileSync('CHANGELOG.md', 'utf8'), version) ?? '';
  const notes = releaseNotes({ version, changes, imageDigest: digest, files: about, repository: repositoryUrl });
  writeFileSync(join(folder, 'RELEASE_NOTES.md'), notes);
}

await reportBuildErrors(() => main(resolve(process.argv[2] ?? 'release/files')));
