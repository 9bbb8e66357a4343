export interface Room {
  readonly name: string;
  /** A pattern of files, as StrykerJS takes it. */
  readonly files: string;
  /** The least part of its mutants that the unit tests must find, in percent; undefined where it is only told. */
  readonly demanded: number | undefined;
  /** The least that they must find in each file of more than a few mutants, in percent. */
  readonly demandedOfEach?: number;
}

/** What `npm run mutate -- NAME` mutates, by name. */
export const mutationTargets = {
  http: [{ name: 'src/http', files: 'src/http/**/*.ts', demanded: 85 }],
  mesh: [
    { name: 'src/mesh/wait', files: 'src/mesh/wait/**/*.ts', demanded: 85 },
    { name: 'src/mesh/quit', files: 'src/mesh/quit/**/*.ts', demanded: 85 },
    { name: 'src/mesh/replies', files: 'src/mesh/replies/**/*.ts', demanded: 85 },
    { name: 'src/mesh/ask', files: 'src/mesh/ask/**/*.ts', demanded: undefined },
    { name: 'src/mesh/admin', files: 'src/mesh/admin/**/*.ts', demanded: undefined },
    { name: 'src/mesh/ports', files: 'src/mesh/ports/**/*.ts', demanded: undefined },
  ],
  check: [
    { name: 'src/check/rules', files: 'src/check/rules/**/*.ts', demanded: 90, demandedOfEach: 65 },
    { name: 'src/check/model', files: 'src/check/model/**/*.ts', demanded: 75 },
    { name: 'src/check/fix', files: 'src/check/fix/*.ts', demanded: 75 },
    { name: 'src/check/edit', files: 'src/check/edit/*.ts', demanded: 75 },
    { name: 'src/check/read', files: 'src/check/read/*.ts', demanded: 75 },
    { name: 'src/check/report', files: 'src/check/report/**/*.ts', demanded: 75 },
  ],
  shim: [
    { name: 'shim', files: 'shim/*.ts', demanded: 85 },
    { name: 'src/command-line', files: 'src/command-line/*.ts', demanded: 85 },
    { name: 'shim/status', files: 'shim/status/*.ts', demanded: undefined },
  ],
} as const satisfies Record<string, readonly Room[]>;

/** The rooms of a target; a path is a room of which nothing is demanded. */
export function roomsOf(name: string): readonly Room[] | undefined {
  if (name.includes('/')) return [{ name, files: name, demanded: undefined }];
  return Object.entries(mutationTargets).find(([target]) => target === name)?.[1];
}

/**
 * The tests without I/O that judge a room, for stryker.pure.config.mjs; undefined: all unit tests, by Vitest. The rules are
 * judged by their fixtures and what stands beside these; the tests of the other rooms of check take longer, and find nothing.
 */
export function pureTestsOf({ files }: Room): string | undefined {
  if (files.startsWith('src/check/rules/')) return 'test/unit/check/*.test.ts';
  return files.startsWith('src/check/') ? 'test/unit/check/**/*.test.ts' : undefined;
}
