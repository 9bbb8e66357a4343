/**
 * The npm package's command: the shim, and beside it the tools that only this package has. The shim's own file, which is
 * copied into images, stays free of them.
 */
import process from 'node:process';
import { isPackageCommand } from '../src/command-line/commands.ts';

const [first = '', ...rest] = process.argv.slice(2);
// `help check` is `check --help`, as with the shim's own commands.
const [command = '', ...args] = first === 'help' && rest[0] !== undefined ? [rest[0], '--help'] : [first, ...rest];
if (isPackageCommand(command)) {
  const { runTool } = await import('../src/tools/run-tool.ts');
  process.exitCode = await runTool(command, args, {
    // Only who reads standard input opens it: some things that it can be cannot be opened.
    get stdin() {
      return process.stdin;
    },
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    cwd: process.cwd(),
    isTerminal: process.stdout.isTTY === true,
    columns: process.stdout.columns,
  });
} else {
  await import('../shim/node/start.ts');
}
