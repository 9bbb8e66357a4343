import type { AdmissionValues, Label } from './admission-values.ts';

/** What stands above the expressions: the comment, and which pods the policy is for. */
export function headOf(values: AdmissionValues): string {
  return `${comment(values)}\n${values.engine === 'policy' ? mutatingAdmissionPolicy(values) : kyvernoPolicy(values)}`;
}

/** Binds Kubernetes' own policy to namespaces; Kyverno's says itself which. */
export function bindingOf({ engine, name, namespaceLabel, exceptNamespaces }: AdmissionValues): string {
  if (engine === 'kyverno') return '';
  return `---
apiVersion: admissionregistration.k8s.io/v1
kind: MutatingAdmissionPolicyBinding
metadata:
  name: ${name}
spec:
  policyName: ${name}
  matchResources:
    namespaceSelector:
${namespaceLines(namespaceLabel, ['kube-system', ...exceptNamespaces], '      ')}
`;
}

function comment({ engine, way, label, namespaceLabel }: AdmissionValues): string {
  const pods = [
    label === undefined ? 'every pod' : `every pod with the label ${spell(label)}`,
    ...(namespaceLabel === undefined ? [] : [`of namespaces with ${spell(namespaceLabel)}`]),
  ].join(' ');
  const who = engine === 'policy' ? 'without a webhook: Kubernetes 1.36 and later.' : 'by Kyverno 1.19 and later.';
  const since = engine === 'policy' ? '' : ' (Kubernetes 1.35 and later)';
  const volume = [`The files come from an image volume${since}.`];
  const init = [
    'The files come through an init container, for nodes without image volumes. Its mount is /target, not /mesh-shim: the image',
    'has a file of that name, and no folder can be mounted over it.',
  ];
  const tryIt = `kubectl run mesh-shim-try --image=any${label === undefined ? '' : ` --labels=${spell(label)}`} --dry-run=server -o yaml`;
  return [
    `mesh-shim for ${pods}, ${who}`,
    ...(way === 'init' ? init : volume),
    '',
    'NODE_OPTIONS reaches Node apps whose entrypoint nobody knows. The preload goes first: Node ignores whatever follows a word',
    'without a dash, and "$(NODE_OPTIONS)" stays such a word where the kubelet finds nothing to put in. A value from a ConfigMap,',
    "a Secret or envFrom cannot be read here, so a second entry of the name takes it up. What the image's own ENV says is lost:",
    'Kubernetes has no word for it.',
    '',
    "A command is wrapped where the pod sets one. Without it the image's ENTRYPOINT runs, which admission cannot see.",
    '',
    'A misspelt field below would not be refused with the policy but with every pod: after each change,',
    tryIt,
  ]
    .map((line) => `# ${line}`.trimEnd())
    .join('\n');
}

function mutatingAdmissionPolicy({ name, label }: AdmissionValues): string {
  return `apiVersion: admissionregistration.k8s.io/v1
kind: MutatingAdmissionPolicy
metadata:
  name: ${name}
spec:
  failurePolicy: Fail
  # Once more when a webhook has added containers, so the order of injectors does not matter; a second round changes nothing.
  reinvocationPolicy: IfNeeded
  matchConstraints:
    matchPolicy: Equivalent
${objectSelector(label)}${resourceRules}`;
}

function kyvernoPolicy({ name, label, namespaceLabel, exceptNamespaces }: AdmissionValues): string {
  // Kyverno leaves its own and the system's namespaces alone by itself.
  const named = namespaceLabel !== undefined || exceptNamespaces.length > 0;
  const namespaces = named
    ? `    namespaceSelector:\n${namespaceLines(namespaceLabel, exceptNamespaces, '      ')}\n`
    : '';
  return `apiVersion: policies.kyverno.io/v1
kind: MutatingPolicy
metadata:
  name: ${name}
spec:
  failurePolicy: Fail
  reinvocationPolicy: IfNeeded
  # The objectSelector also keeps Kyverno from making rules for Deployments and the like out of this one: pods are enough.
  matchConstraints:
${objectSelector(label)}${namespaces}${resourceRules}`;
}

function objectSelector(label: Label | undefined): string {
  return label === undefined ? '' : `    objectSelector:\n      matchLabels: ${inBraces(label)}\n`;
}

const resourceRules = `    resourceRules:
      - apiGroups: [""]
        apiVersions: [v1]
        resources: [pods]
        operations: [CREATE]`;

function namespaceLines(label: Label | undefined, except: readonly string[], indent: string): string {
  const lines = label === undefined ? [] : [`matchLabels: ${inBraces(label)}`];
  if (except.length > 0) {
    const names = except.map(asText).join(', ');
    lines.push('matchExpressions:', `  - { key: kubernetes.io/metadata.name, operator: NotIn, values: [${names}] }`);
  }
  return lines.map((line) => indent + line).join('\n');
}

function inBraces({ key, value }: Label): string {
  return `{ ${asText(key)}: ${asText(value)} }`;
}

/** A word such as true or 1 would be no text. */
function asText(word: string): string {
  return /^(?!(?:true|false|yes|no|on|off|y|n|null)$)[a-z][\w./-]*$/i.test(word) ? word : JSON.stringify(word);
}

function spell({ key, value }: Label): string {
  return `${key}=${value}`;
}
