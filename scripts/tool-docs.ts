import { membershipReasons } from '../src/check/model/membership-reasons.ts';
import { imageErrorTable } from '../src/images/image-error.ts';
import { commonOptions } from '../src/tools/options.ts';
import { admissionPolicy } from '../src/tools/template/admission/admission-policy.ts';
import type { AdmissionValues } from '../src/tools/template/admission/admission-values.ts';
import { templates } from '../src/tools/template/templates.ts';
import { exitCodeRows, type Tool } from '../src/tools/tool.ts';
import { markdownTable } from './markdown-table.ts';

/** The options of a command of the npm package, with those that all of them have. */
export function toolOptionsTable({ options }: Tool): string {
  return markdownTable(
    ['option', 'default', 'meaning'],
    [...options, ...commonOptions].map(({ flag, short, value, default: standard, list, text }) => [
      `\`--${flag}${value === undefined ? '' : ` ${value}`}\`${short === undefined ? '' : `, \`-${short}\``}`,
      standard ?? 'none',
      `${text}${list ? '; several: with commas, or the option several times' : ''}`,
    ]),
  );
}

export function toolExitCodesTable({ exitCodes }: Tool): string {
  return markdownTable(['exit code', 'when'], exitCodeRows(exitCodes));
}

/** Why a workload is in the mesh or not, as the census has it in text and in JSON. */
export function membershipTable(): string {
  return markdownTable(
    ['reason', 'where', 'in the text'],
    Object.entries(membershipReasons).map(([reason, { place, text }]) => [`\`${reason}\``, place, text]),
  );
}

export function templatesTable(): string {
  return markdownTable(
    ['template', 'options besides `--name` and, where it has one, `--namespace`', 'prints'],
    [...templates].map(([name, { text, takes }]) => [
      `\`${name}\``,
      Object.entries(takes)
        .map(([flag, standard]) => `\`--${flag}\` (${standard})`)
        .join(', '),
      text,
    ]),
  );
}

export function imageErrorsTable(): string {
  return markdownTable(
    ['code', 'means', 'what to do'],
    Object.entries(imageErrorTable).map(([code, { means, remedy }]) => [`\`${code}\``, means, remedy]),
  );
}

/** A policy of the examples, as `mesh-shim template admission` prints it. */
export function admissionExample(engine: AdmissionValues['engine'], way: AdmissionValues['way']): string {
  return admissionPolicy({
    ...{ engine, way, name: 'mesh-shim', image: templates.get('admission')?.takes.image ?? '' },
    label: { key: 'mesh-shim', value: 'enabled' },
    ...{ namespaceLabel: undefined, except: [], exceptNamespaces: [] },
  });
}
