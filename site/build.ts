/**
 * Builds the site into site/dist: `npm run site`. Beside the files as they are, each release has a folder, made of the Markdown of its tag.
 * SITE_BASE is the path below which the site will lie, with a slash at both ends (default: /).
 */
import { globSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { onEachCore, reportBuildErrors, runCommand } from '../scripts/run-command.ts';
import { builtOf, dist, type PlannedVersion, pagesOf, planned, repository, work, writePlan } from './plan.ts';
import { pageOfFile } from './repository-markdown.ts';
import { siteVersions, writeTree } from './versions.ts';

/** The steps of each version run in a process of its own, side by side. */
async function onEachVersion(step: 'pages' | 'site', plan: readonly PlannedVersion[]): Promise<void> {
  const script = join(import.meta.dirname, 'build-version.ts');
  await onEachCore(plan, ({ name, label }) =>
    runCommand(process.execPath, [script, step, name], `the ${step} of ${label}`),
  );
}

await reportBuildErrors(async () => {
  const { version } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as { version: string };
  const { versions, alone } = siteVersions(repository, version);
  if (alone !== undefined) process.stderr.write(`the site has no other versions: ${alone}\n`);

  rmSync(work, { recursive: true, force: true });
  const plan = planned(versions);
  for (const { name, tag, tree } of plan) {
    mkdirSync(pagesOf(name), { recursive: true });
    if (tag !== undefined) writeTree(repository, tag, tree);
  }
  writePlan(plan);
  await onEachVersion('pages', plan);
  // A menu leads to the same page of another version, so all pages must be known first.
  const complete = plan.map((one) => {
    const pages = globSync('**/*.md', { cwd: pagesOf(one.name) }).map(pageOfFile);
    return { ...one, pages: pages.toSorted() };
  });
  writePlan(complete);
  await onEachVersion('site', complete);

  rmSync(dist, { recursive: true, force: true });
  for (const { name, folder, label, pages } of complete) {
    renameSync(builtOf(name), join(dist, folder));
    process.stdout.write(`site/dist/${folder}: ${label}, ${pages.length} pages\n`);
  }
});
