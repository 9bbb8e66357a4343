import { parseDuration } from '../text/durations.ts';
import { badValue } from './options.ts';
import type { GivenOptions, OptionSpec } from './tool.ts';

/** How registries are reached: of every command that asks them. */
export const registryOptions: readonly OptionSpec[] = [
  {
    flag: 'mirror',
    value: 'HOST=MIRROR',
    list: true,
    text: 'what to ask before a registry: docker.io=mirror.example.com/docker-hub',
  },
  {
    flag: 'plain-http',
    value: 'HOST',
    default: 'loopback addresses',
    list: true,
    text: 'registry (HOST or HOST:PORT) that speaks http without TLS',
  },
  { flag: 'registry-timeout', value: 'DURATION', default: '30s', text: 'how long a registry may be silent' },
];

/** The same, read. */
export interface RegistryAccess {
  /** Of a registry, what is asked before it, in order. */
  readonly mirrors: ReadonlyMap<string, readonly string[]>;
  readonly plainHttp: readonly string[] | undefined;
  readonly timeoutMs: number | undefined;
}

/** @throws ToolError for a value that is none */
export function readRegistryOptions(values: GivenOptions['values']): RegistryAccess {
  const mirrors = new Map<string, readonly string[]>();
  for (const pair of listOf(values, 'mirror') ?? []) {
    const [, host = '', mirror = ''] = /^([^=/]+)=([^=/:]+(?::[0-9]+)?(?:\/[^=:]*)?)$/.exec(pair) ?? [];
    if (mirror === '') {
      throw badValue('--mirror', pair, 'HOST=MIRROR without a scheme, such as docker.io=mirror.example.com/docker-hub');
    }
    mirrors.set(host, [...(mirrors.get(host) ?? []), mirror]);
  }
  return {
    mirrors,
    plainHttp: listOf(values, 'plain-http'),
    timeoutMs: readTimeout(values.get('registry-timeout')),
  };
}

/** The values of an option of `list`; undefined where it was not given. */
export function listOf(values: GivenOptions['values'], flag: string): readonly string[] | undefined {
  return values
    .get(flag)
    ?.split(',')
    .map((text) => text.trim());
}

function readTimeout(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const ms = parseDuration(text);
  if (ms !== undefined && ms >= 1) return ms;
  throw badValue('--registry-timeout', text, 'a duration of at least 1ms with its unit, such as 30s or 2m');
}
