/**
 * The npm package's command: the shim, and beside it the tools that only this package has. The shim's own file, which is
 * copied into images, stays free of them.
 */
import process from 'node:process';
import { isPackageCommand } from '../src/command-line/commands.ts';

const [command = '', ...args] = process.argv.slice(2);
if (isPackageCommand(command)) {
  const { runTool } = await import('../src/tools/run-tool.ts');
  const { stdin, stdout, stderr, env } = process;
  const io = { stdin, stdout, stderr, env, cwd: process.cwd(), isTerminal: stdout.isTTY === true };
  process.exitCode = await runTool(command, args, io);
} else {
  await import('../shim/node/start.ts');
}
