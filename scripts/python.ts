import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { fetchOnce } from './fetch-once.ts';
import { BuildError, runCommand } from './run-command.ts';

const venv = resolve('.cache/python');
const inVenv = join(venv, 'bin/python3');
const hasPip = (python: string): boolean => spawnSync(python, ['-m', 'pip', '--version']).status === 0;

/**
 * A Python with pip: one of the project's own, because Debian's refuses to install packages, or comes without pip.
 *
 * @throws BuildError
 */
export async function pythonWithPip(): Promise<string> {
  try {
    const make = async (folder: string): Promise<void> => {
      await runCommand('python3', ['-m', 'venv', folder], 'Python of the project');
    };
    await fetchOnce(venv, () => hasPip(inVenv), make);
    return inVenv;
  } catch (error) {
    if (error instanceof BuildError && hasPip('python3')) return 'python3';
    throw new BuildError('there is no Python 3 with venv or pip; on Debian: apt-get install python3-venv');
  }
}

/**
 * Gets what a requirements file names, checked against the hashes that stand there.
 *
 * @param how `install` with `--target`, or `download` with `--dest`
 * @throws BuildError
 */
export async function pip(
  how: readonly string[],
  requirements: string,
  purpose: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<void> {
  const [command = '', ...args] = how;
  const quiet = ['--quiet', '--disable-pip-version-check', '--no-input', '--no-deps', '--require-hashes'];
  await runCommand(await pythonWithPip(), ['-m', 'pip', command, ...quiet, ...args, '-r', requirements], purpose, env);
}
