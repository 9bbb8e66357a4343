import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { ManifestSource } from '../../check/read/manifest.ts';
import { printable } from '../../check/report/printable.ts';
import { plural } from '../../text/plural.ts';
import type { WorkloadPlan } from '../../wrap/plan.ts';
import { componentFile, componentHeading, kustomizeFiles, patchNames } from '../../wrap/report/kustomize.ts';
import { attempt } from '../attempt.ts';
import { replaceFile } from '../replace-file.ts';
import { ToolError, type ToolIo } from '../tool.ts';

/** More names would hide what else is said. */
const mostNames = 10;

/** One file that cannot be written stops no other, and keeps its text. True when all of them are written. */
export function writeTexts(texts: readonly ManifestSource[], io: ToolIo): boolean {
  const written = texts.filter(({ name, text }) => {
    try {
      attempt(`write ${name}`, () => replaceFile(resolve(io.cwd, name), text));
      return true;
    } catch (error) {
      if (!(error instanceof ToolError)) throw error;
      io.stderr.write(`mesh-shim: ${printable(error.message)}: it is as it was, whatever is listed of it\n`);
      return false;
    }
  });
  if (written.length > 0) {
    const names = written.map(({ name }) => name);
    const told = names.length > mostNames ? plural(names.length, 'file') : names.join(', ');
    io.stderr.write(`mesh-shim: wrote ${printable(told)}\n`);
  }
  return written.length === texts.length;
}

/**
 * @throws ToolError for a folder with a kustomization of somebody else, which would be lost, or with manifests: beside a
 * kustomization that does not list them they are read no more
 */
export function refuseForeignFolder(folder: string, { cwd }: ToolIo): void {
  const file = join(folder, componentFile);
  const text = attempt(`read ${file}`, () => readIfThere(resolve(cwd, file)));
  const isManifest = (name: string) => /^[^.].*\.(?:ya?ml|json)$/.test(name);
  if (text === undefined && attempt(`read ${folder}`, () => namesIn(resolve(cwd, folder))).some(isManifest)) {
    throw new ToolError(`--kustomize: ${folder} has manifests in it; name a folder of its own`);
  }
  if (text !== undefined && !text.startsWith(componentHeading)) {
    throw new ToolError(`--kustomize: ${file} is not one that wrap has written; name a folder of its own`);
  }
}

/** @throws ToolError when it cannot be written, or would lose patches that what was read has in it already */
export function writeComponent(folder: string, plans: readonly WorkloadPlan[], io: ToolIo): void {
  const before = attempt(`read ${folder}`, () => readIfThere(resolve(io.cwd, folder, componentFile)));
  const files = kustomizeFiles(plans);
  const names = files.map(({ name }) => name);
  const lost = before === undefined ? undefined : patchNames(before).find((name) => !names.includes(name));
  if (lost !== undefined && plans.some(({ outcome }) => outcome === 'done')) {
    throw new ToolError(
      `--kustomize: ${folder}/${lost} would be lost, and what was read is behind mesh-shim already, by this component as it seems: name what lies below it, or another folder`,
    );
  }
  attempt(`make the folder ${folder}`, () => mkdirSync(resolve(io.cwd, folder), { recursive: true }));
  for (const { name, text } of files) {
    attempt(`write ${folder}/${name}`, () => writeFileSync(resolve(io.cwd, folder, name), text));
  }
  io.stderr.write(
    `mesh-shim: wrote ${join(folder, componentFile)} and ${plural(files.length - 1, 'file')} with patches\n`,
  );
}

function namesIn(path: string): readonly string[] {
  return ifThere(() => readdirSync(path)) ?? [];
}

function readIfThere(path: string): string | undefined {
  return ifThere(() => readFileSync(path, 'utf8'));
}

function ifThere<Result>(read: () => Result): Result | undefined {
  try {
    return read();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
