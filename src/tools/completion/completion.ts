import { oneOf } from '../options.ts';
import { type GivenOptions, type Tool, ToolError, type ToolIo, toolExitCodes } from '../tool.ts';
import { bashCompletion } from './bash.ts';
import { completedCommands } from './completed-commands.ts';
import { fishCompletion } from './fish.ts';
import { zshCompletion } from './zsh.ts';

const shells = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion } as const;
const shellNames = Object.keys(shells) as (keyof typeof shells)[];

/**
 * `mesh-shim completion`.
 *
 * @param tools all commands, this one among them: asked for when a script is made
 */
export function completionOf(tools: () => Readonly<Record<string, Tool>>): Tool {
  return {
    operands: shellNames.join('|'),
    operandChoices: shellNames,
    about: [
      'Prints a script that completes the commands and options of mesh-shim in a shell.',
      'For one session: source <(mesh-shim completion bash), the same in zsh, and in fish mesh-shim completion fish | source.',
    ],
    options: [],
    exitCodes: ['done', 'notDone', 'internal'],
    async run({ operands: [shell, ...more] }: GivenOptions, io: ToolIo): Promise<number> {
      if (shell === undefined) throw new ToolError(`name a shell: ${shellNames.join(', ')}`);
      if (more[0] !== undefined) throw new ToolError(`unexpected ${JSON.stringify(more[0])}; name one shell`);
      io.stdout.write(shells[oneOf('shell', shell, shellNames)](completedCommands(tools())));
      return toolExitCodes.done.code;
    },
  };
}
