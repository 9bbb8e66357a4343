import { readFileSync } from 'node:fs';
import { parse, parseAllDocuments } from 'yaml';
import { markdownTable } from './markdown-table.ts';

interface Input {
  readonly description?: string;
  readonly default: string;
  readonly options?: readonly string[];
}

/** The inputs of action.yml. */
export function actionInputsTable(): string {
  const { inputs } = parse(readFileSync('action.yml', 'utf8')) as { inputs: Record<string, Input> };
  return inputsTable(inputs);
}

/** The inputs of GitLab's component. */
export function componentInputsTable(): string {
  const [header] = parseAllDocuments(readFileSync('templates/check.yml', 'utf8')).map((part) => part.toJS());
  return inputsTable(header.spec.inputs);
}

function inputsTable(inputs: Readonly<Record<string, Input>>): string {
  return markdownTable(
    ['input', 'default', 'meaning'],
    Object.entries(inputs).map(([name, { description = '', default: standard, options }]) => [
      `\`${name}\``,
      standard === '' ? 'none' : `\`${standard}\``,
      `${description}${options === undefined ? '' : `: ${options.join(', ')}`}`,
    ]),
  );
}
