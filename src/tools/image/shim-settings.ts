import { commandTable } from '../../command-line/commands.ts';
import type { GivenValues } from '../../command-line/option-values.ts';
import { type OptionName, optionTable } from '../../command-line/options.ts';
import { readSettings } from '../../command-line/settings.ts';
import { UsageError } from '../../command-line/usage-error.ts';
import { type OptionSpec, ToolError } from '../tool.ts';

/** Those of the shim that an image may carry: no secret, since everybody who pulls the image could read it. */
const names: readonly OptionName[] = commandTable.run.options.filter((name) => !('secret' in optionTable[name]));

/** The options of the shim, as options of a command that writes them somewhere. */
export const shimOptions: readonly OptionSpec[] = names.map((name) => {
  const spec = optionTable[name];
  return {
    flag: spec.flag.slice(2),
    ...('value' in spec ? { value: spec.value } : {}),
    ...('repeatable' in spec ? { list: true as const } : {}),
    text: `of the shim: ${spec.help}`,
  };
});

/** How the shim is told them: by variables, which a container may set otherwise, or by words on its command line. */
export interface ShimSettings {
  readonly env: Readonly<Record<string, string>>;
  readonly words: readonly string[];
}

/** @throws ToolError for a value that the shim would refuse */
export function shimSettings(values: ReadonlyMap<string, string>, as: 'env' | 'words'): ShimSettings {
  const given = names.flatMap((name) => {
    const text = values.get(optionTable[name].flag.slice(2));
    return text === undefined ? [] : [{ name, texts: 'repeatable' in optionTable[name] ? text.split(',') : [text] }];
  });
  const flags: GivenValues = new Map(given.map(({ name, texts }) => [name, { texts, source: optionTable[name].flag }]));
  try {
    readSettings(flags, new Map());
  } catch (error) {
    throw error instanceof UsageError ? new ToolError(error.message) : error;
  }
  if (as === 'env') {
    return {
      env: Object.fromEntries(given.map(({ name, texts }) => [optionTable[name].env, texts.join(',')])),
      words: [],
    };
  }
  const words = given.flatMap(({ name, texts }) => texts.map((text) => word(name, text)));
  return { env: {}, words };
}

function word(name: OptionName, text: string): string {
  const spec = optionTable[name];
  return 'value' in spec ? `${spec.flag}=${text}` : spec.flag;
}
