import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { ManifestSource } from '../../check/read/manifest.ts';
import { printable } from '../../check/report/printable.ts';
import { plural } from '../../text/plural.ts';
import type { WorkloadPlan } from '../../wrap/plan.ts';
import { componentFile, componentHeading, kustomizeFiles } from '../../wrap/report/kustomize.ts';
import { attempt } from '../attempt.ts';
import { ToolError, type ToolIo } from '../tool.ts';

/** More names would hide what else is said. */
const mostNames = 10;

export function writeTexts(texts: readonly ManifestSource[], io: ToolIo): void {
  for (const { name, text } of texts) attempt(`write ${name}`, () => writeFileSync(resolve(io.cwd, name), text));
  if (texts.length === 0) return;
  const names = texts.length > mostNames ? plural(texts.length, 'file') : texts.map(({ name }) => name).join(', ');
  io.stderr.write(`mesh-shim: wrote ${printable(names)}\n`);
}

/** @throws ToolError for a folder with a kustomization of somebody else, which would be lost */
export function refuseForeignFolder(folder: string, { cwd }: ToolIo): void {
  const file = join(folder, componentFile);
  const text = attempt(`read ${file}`, () => readIfThere(resolve(cwd, file)));
  if (text !== undefined && !text.startsWith(componentHeading)) {
    throw new ToolError(`--kustomize: ${file} is not one that wrap has written; name a folder of its own`);
  }
}

export function writeComponent(folder: string, plans: readonly WorkloadPlan[], io: ToolIo): void {
  attempt(`make the folder ${folder}`, () => mkdirSync(resolve(io.cwd, folder), { recursive: true }));
  const files = kustomizeFiles(plans);
  for (const { name, text } of files) {
    attempt(`write ${folder}/${name}`, () => writeFileSync(resolve(io.cwd, folder, name), text));
  }
  io.stderr.write(
    `mesh-shim: wrote ${join(folder, componentFile)} and ${plural(files.length - 1, 'file')} with patches\n`,
  );
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
