import { columns } from '../../text/columns.ts';
import { badValue, oneOf } from '../options.ts';
import { type GivenOptions, type OptionSpec, type Tool, ToolError, type ToolIo, toolExitCodes } from '../tool.ts';
import { admissionWays, engines, type Label } from './admission/admission-values.ts';
import { type Template, type TemplateOption, type TemplateValues, templates } from './templates.ts';

const ofTemplate = 'of the template';

const options: readonly OptionSpec[] = [
  { flag: 'name', value: 'NAME', default: 'web; of admission mesh-shim', text: 'name of the object' },
  { flag: 'namespace', value: 'NAME', default: 'default', text: 'namespace of the object' },
  { flag: 'app', value: 'LABEL', default: 'the name', text: 'label "app" of the pods' },
  { flag: 'port', value: 'PORT', default: ofTemplate, list: true, text: 'port of the Service or of the pods' },
  { flag: 'target-port', value: 'PORT', default: `--port, or ${ofTemplate}`, text: "the container's port" },
  { flag: 'host', value: 'HOST', default: ofTemplate, text: 'host outside the mesh, or upstream' },
  { flag: 'image', value: 'IMAGE', default: ofTemplate, text: 'image of the Job, or of mesh-shim' },
  {
    flag: 'way',
    value: admissionWays.join('|'),
    default: ofTemplate,
    text: 'how the files of mesh-shim come into pods',
  },
  {
    flag: 'engine',
    value: engines.join('|'),
    default: ofTemplate,
    text: "what applies the policy: Kubernetes' MutatingAdmissionPolicy, or Kyverno",
  },
  { flag: 'label', value: 'KEY=VALUE', default: ofTemplate, text: 'label of the pods; none: all pods' },
  { flag: 'namespace-label', value: 'KEY=VALUE', default: ofTemplate, text: 'label of their namespaces; none: all' },
  { flag: 'except', value: 'NAMES', default: ofTemplate, list: true, text: 'containers that stay as they are' },
  {
    flag: 'except-namespace',
    value: 'NAMES',
    default: ofTemplate,
    list: true,
    text: 'namespaces, beside kube-system, whose pods stay as they are',
  },
];

/** `mesh-shim template`. */
export const template: Tool = {
  operands: 'NAME',
  about: [
    'Prints a manifest to apply. NAME, with the options that it takes besides --name and --namespace:',
    ...columns([...templates].map(([name, { text, takes }]) => [name, `${text}; ${describeTaken(takes)}`])),
  ],
  options,
  operandChoices: [...templates.keys()],
  exitCodes: ['done', 'notDone', 'internal'],
  run: printTemplate,
};

function describeTaken(takes: Template['takes']): string {
  return Object.entries(takes)
    .map(([flag, standard]) => `--${flag} [${standard}]`)
    .join(', ');
}

async function printTemplate({ operands, values }: GivenOptions, io: ToolIo): Promise<number> {
  const [name, extra] = operands;
  const known = [...templates.keys()];
  if (name === undefined) throw new ToolError(`needs the NAME of a template; use ${known.join(', ')}`);
  if (extra !== undefined) throw new ToolError(`unexpected ${JSON.stringify(extra)}; name one template`);
  const found = templates.get(oneOf('template', name, known)) as Template;
  checkGiven(name, found, values);
  io.stdout.write(found.make(withDefaults(found, values)));
  return toolExitCodes.done.code;
}

/** What the values of the options look like. */
const dnsLabel = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const forms: Readonly<Record<string, { readonly matches: (text: string) => boolean; readonly expected: string }>> = {
  name: { matches: (text) => dnsLabel.test(text), expected: 'a Kubernetes name (a-z, 0-9 and -, at most 63)' },
  namespace: { matches: (text) => dnsLabel.test(text), expected: 'a Kubernetes name (a-z, 0-9 and -, at most 63)' },
  app: {
    matches: (text) => /^[a-zA-Z0-9]([-_.a-zA-Z0-9]{0,61}[a-zA-Z0-9])?$/.test(text),
    expected: 'a label value of Kubernetes (letters, digits, -, _ and ., at most 63)',
  },
  port: { matches: (text) => text.split(',').every(isPort), expected: 'a port from 1 to 65535' },
  'target-port': { matches: isPort, expected: 'a port from 1 to 65535' },
  host: {
    matches: (text) => /^[a-zA-Z0-9]([-.a-zA-Z0-9]{0,251}[a-zA-Z0-9])?(:[1-9]\d{0,4})?$/.test(text),
    expected: 'a host name',
  },
  image: { matches: (text) => /^[!-~]+$/.test(text) && !/["'\\]/.test(text), expected: 'the reference of an image' },
  label: { matches: isLabel, expected: 'a label (KEY=VALUE), or none' },
  'namespace-label': { matches: isLabel, expected: 'a label (KEY=VALUE), or none' },
  except: { matches: areNames, expected: 'names of containers, joined by commas' },
  'except-namespace': { matches: areNames, expected: 'names of namespaces, joined by commas' },
};

/** As Kubernetes takes labels; the prefix of a key is a DNS name. */
function isLabel(text: string): boolean {
  return (
    text === 'none' ||
    /^([a-z0-9]([-.a-z0-9]{0,251}[a-z0-9])?\/)?[a-z0-9]([-_.a-z0-9]{0,61}[a-z0-9])?=([a-z0-9]([-_.a-z0-9]{0,61}[a-z0-9])?)?$/i.test(
      text,
    )
  );
}

function areNames(text: string): boolean {
  return text.split(',').every((name) => dnsLabel.test(name));
}

function isPort(text: string): boolean {
  return /^[1-9]\d{0,4}$/.test(text) && Number(text) <= 65_535;
}

function checkGiven(
  name: string,
  { takes, severalPorts, hostMayHavePort, ofCluster }: Template,
  given: GivenOptions['values'],
): void {
  const own = ofCluster === undefined ? ['name', 'namespace'] : ['name'];
  for (const [flag, value] of given) {
    if (!own.includes(flag) && !Object.hasOwn(takes, flag)) {
      const names = own.map((one) => `--${one}`).join(', ');
      throw new ToolError(`${name} does not take --${flag}; it takes ${names}, ${describeTaken(takes)}`);
    }
    const form = forms[flag];
    if (form?.matches(value) === false) throw badValue(`--${flag}`, value, form.expected);
    if (flag === 'port' && value.includes(',') && !severalPorts) throw badValue('--port', value, 'one port');
    if (flag === 'host' && value.includes(':') && !hostMayHavePort)
      throw badValue('--host', value, 'a host name without a port');
  }
  if (given.get('label') !== 'none') return;
  // Kyverno would make rules for Deployments and the like out of the policy, and for every pod of the cluster it is never meant.
  if (given.get('engine') === 'kyverno')
    throw new ToolError('--engine kyverno needs a label of the pods; name one with --label');
  if ((given.get('namespace-label') ?? 'none') === 'none') {
    throw new ToolError(
      '--label none needs --namespace-label KEY=VALUE: a policy for every pod of the cluster is not made',
    );
  }
}

/** What the template does not take is empty here. */
function withDefaults({ takes, ofCluster }: Template, given: GivenOptions['values']): TemplateValues {
  const read = (flag: TemplateOption): string => given.get(flag) ?? takes[flag] ?? '';
  const name = given.get('name') ?? ofCluster ?? 'web';
  const ports = read('port').split(',').map(Number);
  return {
    target: { name, namespace: given.get('namespace') ?? 'default', labels: { app: given.get('app') ?? name } },
    ports,
    port: ports[0] as number,
    targetPort: Number(given.get('target-port') ?? given.get('port') ?? takes['target-port']),
    host: read('host'),
    image: read('image'),
    way: oneOf('way', read('way') || 'volume', admissionWays, { where: '--way' }),
    engine: oneOf('engine', read('engine') || 'policy', engines, { where: '--engine' }),
    label: labelOf(read('label')),
    namespaceLabel: labelOf(read('namespace-label')),
    except: namesOf(read('except')),
    exceptNamespaces: namesOf(read('except-namespace')),
  };
}

function labelOf(text: string): Label | undefined {
  const [key = '', value = ''] = text.split('=');
  return text === '' || text === 'none' ? undefined : { key, value };
}

function namesOf(text: string): readonly string[] {
  return text === '' || text === 'none' ? [] : text.split(',');
}
