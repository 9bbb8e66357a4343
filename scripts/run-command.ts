import { execFile } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { promisify } from 'node:util';

/** A step of a build has failed; the message says which, with what it printed. */
export class BuildError extends Error {
  override readonly name = 'BuildError';
}

/**
 * Runs a command to its end, beside others; resolves with what it has printed.
 *
 * @param purpose begins the message where it fails
 * @throws BuildError
 */
export async function runCommand(
  command: string,
  args: readonly string[],
  purpose: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<{ readonly stdout: string; readonly stderr: string }> {
  try {
    return await promisify(execFile)(command, args, { env, maxBuffer: 64 << 20 });
  } catch (error) {
    const { message, stderr, stdout } = error as Error & { stderr?: string; stdout?: string };
    throw new BuildError(`${purpose}: ${command} failed:\n${stderr || stdout || message}`);
  }
}

/** Does `work` with each item, as many at a time as there are cores; the results are in the order of the items. */
export async function onEachCore<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const queue = items.entries();
  const lane = async (): Promise<void> => {
    for (const [index, item] of queue) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, lane));
  return results;
}

/** For the end of a program: what its steps have to say of a fault, without a trace of the stack. */
export async function reportBuildErrors(main: () => Promise<void>): Promise<void> {
  try {
    await main();
  } catch (error) {
    if (!(error instanceof BuildError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}
