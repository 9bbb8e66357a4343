import { spawnSync } from 'node:child_process';
import { reasonOf } from './file-text.ts';

/** The programs that render, in the order in which they are tried. */
const programs = {
  kustomization: [
    ['kustomize', 'build'],
    ['kubectl', 'kustomize'],
  ],
  chart: [['helm', 'template', 'release']],
} as const;

export type Renderable = keyof typeof programs;

export type Rendered =
  | { readonly text: string; readonly command: string }
  /** What the program said. */
  | { readonly message: string }
  /** None of them is on the PATH. */
  | { readonly missing: readonly string[] };

/** A remote base may have to be fetched. */
const longestMs = 120_000;
const mostBytes = 512 * 1024 * 1024;

/** Renders a folder by the program that is there, in the folder from which the user names it. */
export function render(
  what: Renderable,
  folder: string,
  { cwd, env }: { readonly cwd: string; readonly env: Readonly<Record<string, string | undefined>> },
): Rendered {
  for (const [program, ...args] of programs[what]) {
    const { error, status, stdout, stderr } = spawnSync(program, [...args, folder], {
      cwd,
      env: { ...env },
      encoding: 'utf8',
      timeout: longestMs,
      maxBuffer: mostBytes,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    if ((error as NodeJS.ErrnoException | undefined)?.code === 'ENOENT') continue;
    const command = [program, ...args, folder].join(' ');
    if (error === undefined && status === 0) return { text: stdout, command };
    const said = error === undefined ? (stderr.split('\n').find((line) => line.trim() !== '') ?? '') : reasonOf(error);
    return { message: `${command}: ${said || `exit code ${status}`}` };
  }
  return { missing: programs[what].map(([program]) => program) };
}
