import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { BuildError } from './run-command.ts';

interface GoOptions {
  readonly cwd: string;
  readonly input?: string;
  /** Beside those of this process. */
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * What the `go` command prints.
 *
 * @throws BuildError where Go is missing or fails
 */
export function runGo(args: readonly string[], { cwd, input = '', env = {} }: GoOptions): string {
  const result = spawnSync('go', args, {
    cwd,
    env: { ...process.env, ...env },
    input,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (result.error && 'code' in result.error && result.error.code === 'ENOENT') {
    throw new BuildError(
      'Go is missing: there is no command "go" in PATH; install Go 1.24 or newer, https://go.dev/dl/',
    );
  }
  if (result.error || result.status !== 0) {
    throw new BuildError(`go ${args.join(' ')} failed:\n${result.error?.message ?? (result.stderr || result.stdout)}`);
  }
  return result.stdout.trimEnd();
}
