import { readFileSync } from 'node:fs';

export interface Instruction {
  readonly name: string;
  readonly words: string;
}

export interface Stage {
  readonly name: string | undefined;
  readonly instructions: readonly Instruction[];
}

/** The stages of a Dockerfile, read as far as those of this repository go; what else stands there is refused. */
export function readDockerfile(path: string): Stage[] {
  const text = readFileSync(path, 'utf8')
    .replaceAll(/^#.*\n/gm, '')
    .replaceAll('\\\n', ' ');
  const stages: { name: string | undefined; instructions: Instruction[] }[] = [];
  for (const line of text.split('\n').filter((one) => one.trim() !== '')) {
    const [, name = '', words = ''] = /^([A-Z]+) (\S.*)$/.exec(line) ?? [];
    if (name === 'FROM') stages.push({ name: / AS (\S+)$/.exec(words)?.[1], instructions: [] });
    // What comes before all stages says which images they begin with.
    else if (name === 'ARG' && stages.length === 0) continue;
    else if (/^(ARG|CMD|COPY|ENTRYPOINT|ENV|EXPOSE|LABEL|RUN|USER|WORKDIR)$/.test(name) && stages.length > 0) {
      stages.at(-1)?.instructions.push({ name, words });
    } else throw new Error(`${path}: not an instruction: ${line}`);
  }
  return stages;
}

/** The words of the last instruction of this name, in the form that needs no shell. */
export function execForm({ instructions }: Stage, name: 'CMD' | 'ENTRYPOINT'): string[] {
  return JSON.parse(instructions.findLast((one) => one.name === name)?.words ?? '[]');
}

/** What a stage copies from the folder of the Dockerfile. */
export function copiedFiles({ instructions }: Stage): string[] {
  return instructions
    .filter(({ name, words }) => name === 'COPY' && !words.startsWith('--from='))
    .flatMap(({ words }) => words.split(/\s+/).slice(0, -1));
}
