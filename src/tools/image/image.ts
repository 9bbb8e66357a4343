import { readFileSync } from 'node:fs';
import type { WrapImageOptions, WrapResult } from '../../images/index.ts';
import { attempt } from '../attempt.ts';
import { type ExecutableArch, executableFile } from '../executable-file.ts';
import { onOneLine } from '../one-line.ts';
import { oneOf } from '../options.ts';
import { progressLine } from '../progress-line.ts';
import { listOf, readRegistryOptions, registryOptions } from '../registry-options.ts';
import {
  type GivenOptions,
  type OptionSpec,
  type Tool,
  ToolError,
  type ToolIo,
  toolExitCodes,
  toolVersion,
} from '../tool.ts';
import { describeWrap } from './describe-wrap.ts';
import { shimOptions, shimSettings } from './shim-settings.ts';

/** The executables by the architectures of images. */
const architectures = { amd64: 'x64', arm64: 'arm64' } as const satisfies Record<string, ExecutableArch>;
const platforms = Object.keys(architectures).map((architecture) => `linux/${architecture}`);
const settingsForms = ['env', 'words'] as const;

/** Without those of the shim. */
export const imageOptions: readonly OptionSpec[] = [
  {
    flag: 'platform',
    value: 'PLATFORM',
    default: `${platforms.join(', ')}, as far as SOURCE has them`,
    list: true,
    text: 'of an index, take these images only',
  },
  {
    flag: 'settings',
    value: settingsForms.join('|'),
    default: 'env',
    text: 'where the options of the shim are kept: as ENV, which a container may set otherwise, or as words of the entrypoint',
  },
  { flag: 'dry-run', text: 'say what would be done, and write nothing' },
  ...registryOptions,
];

/** `mesh-shim image`. */
export const image: Tool = {
  operands: 'SOURCE TARGET',
  about: [
    'Adds the static executable to an image as a layer, puts it in front of the entrypoint, and writes the result to TARGET.',
    'Both are [HOST[:PORT]/]NAME[:TAG], oci:FOLDER[:TAG] or archive:FILE[:TAG]; TARGET may be SOURCE. No Docker is needed.',
    'Prints TARGET with the digest on standard output, and all else on standard error.',
  ],
  options: [...imageOptions, ...shimOptions],
  exitCodes: ['done', 'notDone', 'internal'],
  run: wrap,
};

async function wrap({ operands, values }: GivenOptions, io: ToolIo): Promise<number> {
  const [source, target, extra] = operands;
  if (source === undefined || target === undefined) throw new ToolError('needs SOURCE and TARGET, two images');
  if (extra !== undefined) throw new ToolError(`unexpected ${JSON.stringify(extra)}; name SOURCE and TARGET only`);
  const progress = progressLine(io.stderr);
  const options = {
    ...readOptions(values, io),
    progress: (done: number, total: number) => progress.show(`${done} of ${total} layers`),
  };
  const result = await wrapped(source, target, options).finally(() => progress.end());
  for (const line of describeWrap(result)) io.stderr.write(`${onOneLine(line)}\n`);
  io.stdout.write(`${target}@${result.plan.root.digest}\n`);
  return toolExitCodes.done.code;
}

/** Loaded by those alone who read images. */
async function wrapped(source: string, target: string, options: WrapImageOptions): Promise<WrapResult> {
  const { ImageError, wrapImage } = await import('../../images/index.ts');
  try {
    return await wrapImage(source, target, options);
  } catch (error) {
    if (!(error instanceof ImageError)) throw error;
    throw new ToolError(`${error.message} (${error.code})`, { cause: error });
  }
}

function readOptions(values: GivenOptions['values'], io: ToolIo): WrapImageOptions {
  const form = oneOf('form', values.get('settings') ?? 'env', settingsForms, { where: '--settings' });
  const executables = Object.entries(architectures).map(([architecture, arch]): [string, Buffer] => {
    const file = executableFile(arch);
    return [architecture, attempt(`read ${file}`, () => readFileSync(file))];
  });
  return {
    start: { ...shimSettings(values, form), version: toolVersion },
    executables: new Map(executables),
    platforms: listOf(values, 'platform')?.map((platform) =>
      oneOf('platform', platform, platforms, { where: '--platform' }),
    ),
    dryRun: values.has('dry-run'),
    access: { env: io.env, ...readRegistryOptions(values) },
  };
}
