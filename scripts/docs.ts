import { readFileSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { tcpCheckOptionTable, tlsCheckOptionTable } from '../src/connect/check-option-tables.ts';
import { connectOptionTable } from '../src/connect/connect-option-table.ts';
import { amqplibOnlyTable } from '../src/connect/drivers/connect-amqplib.ts';
import { healthOptionTable } from '../src/health/health-option-table.ts';
import { checkOptionTable, eventLoopOptionTable, pathOptionTable } from '../src/health/nested-option-tables.ts';
import { agentOnlyTable, fetchOnlyTable, requestOptionTable } from '../src/http/client-option-tables.ts';
import { retryOptionTable } from '../src/http/retry-option-table.ts';
import { retryableRequestTable } from '../src/http/retryable-request-table.ts';
import { keepAliveOptionTable } from '../src/lifecycle/keep-alive-option-table.ts';
import { hookOptionTable, lifecycleOptionTable } from '../src/lifecycle/lifecycle-option-table.ts';
import { quitSidecarOptionTable } from '../src/lifecycle/quit-sidecar-option-table.ts';
import { meshNames } from '../src/mesh/profiles/profiles.ts';
import { portOptionTable } from '../src/ports/port-option-table.ts';
import type { OptionRow } from '../src/shared/option-table.ts';
import { imageOptions } from '../src/tools/image/image.ts';
import { tools } from '../src/tools/run-tool.ts';
import { waitOptionTable } from '../src/wait/wait-option-table.ts';
import { analyzerRelease, analyzerTable } from './analyzer-docs.ts';
import { actionInputsTable, componentInputsTable } from './ci-docs.ts';
import { compatibilityTable } from './compatibility.ts';
import { connectErrorsTable, connectorsTable, fatalFailuresTable } from './connect-tables.ts';
import { corpusSize, precisionTable, silentRules, verdicts } from './how-sure.ts';
import { httpErrorsTable, trustTable } from './http-tables.ts';
import { withMade } from './markdown-table.ts';
import { evidenceTable } from './mesh-tables.ts';
import { demandedOfRules } from './mutation/demanded-of-rules.ts';
import { optionsTable, withDocstrings } from './option-docs.ts';
import { preloadVariablesTable } from './preload-table.ts';
import { recordsTable, releaseFactsTable } from './release-docs.ts';
import { scuttleTable, shimCommandsTable, shimExitCodesTable, shimOptionsTable } from './shim-docs.ts';
import { symptomSections } from './symptom-docs.ts';
import {
  admissionExample,
  imageErrorsTable,
  membershipTable,
  templatesTable,
  toolExitCodesTable,
  toolOptionsTable,
} from './tool-docs.ts';
import { undiciVersionsTable } from './undici-table.ts';

const onCorpus = verdicts();

/** The tables of each page of docs/ by the names of their places. */
const tables: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'docs/ci.md': {
    'inputs of the action': actionInputsTable(),
    'inputs of the component': componentInputsTable(),
  },
  'docs/istioctl-analyze.md': {
    'release of the messages': analyzerRelease(),
    'messages of istioctl analyze': analyzerTable(),
  },
  'docs/compatibility.md': { compatibility: compatibilityTable() },
  'docs/how-sure.md': {
    'size of the corpus': corpusSize(),
    'precision by rule': precisionTable(onCorpus),
    'rules that are silent': silentRules(onCorpus),
    'mutations of the rules': demandedOfRules(),
    'records by release': recordsTable(),
    'facts by release': releaseFactsTable(),
  },
  'docs/shim.md': {
    'commands of the shim': shimCommandsTable(),
    'options of the shim': shimOptionsTable(),
    'exit codes of the shim': shimExitCodesTable(),
    'variables of scuttle': scuttleTable(),
  },
  'docs/wait.md': { 'options of waitForMesh': optionsTable(waitOptionTable) },
  'docs/http.md': {
    'trust in the sidecar': trustTable(),
    'versions of undici': undiciVersionsTable(),
    'options of retries': optionsTable(retryOptionTable),
    'options of createMeshAgent': optionsTable(agentOnlyTable),
    'options of createMeshFetch': optionsTable(fetchOnlyTable),
    'options of a request': optionsTable(requestOptionTable),
    'errors of the HTTP client': httpErrorsTable(),
  },
  'docs/http-recipes.md': { 'request of isSafeToRetry': optionsTable(retryableRequestTable) },
  'docs/connections.md': {
    connectors: connectorsTable(),
    'options of connectAmqplib': optionsTable(amqplibOnlyTable),
    'options of connectWithRetry': optionsTable(connectOptionTable),
    'errors of connections': connectErrorsTable(),
    'options of endpointChecks.tcp': optionsTable(tcpCheckOptionTable),
    'options of endpointChecks.tls': optionsTable(tlsCheckOptionTable),
    'fatal failures': fatalFailuresTable(),
  },
  'docs/health.md': {
    'options of createHealthServer': optionsTable(healthOptionTable),
    'options of a check': optionsTable(checkOptionTable),
    'options of eventLoop': optionsTable(eventLoopOptionTable),
  },
  'docs/lifecycle.md': {
    'options of createLifecycle': optionsTable(lifecycleOptionTable),
    'options of a hook': optionsTable(hookOptionTable),
    'variables of the preload': preloadVariablesTable(),
    'options of keepAliveFor': optionsTable(keepAliveOptionTable),
    'arguments of quitSidecar': optionsTable(quitSidecarOptionTable),
  },
  'docs/check.md': {
    'reasons of the census': membershipTable(),
    'options of check': toolOptionsTable(tools.check),
    'exit codes of check': toolExitCodesTable(tools.check),
  },
  'docs/wrap.md': {
    'options of wrap': toolOptionsTable(tools.wrap),
    'exit codes of wrap': toolExitCodesTable(tools.wrap),
  },
  'docs/explain.md': {
    'options of explain': toolOptionsTable(tools.explain),
    'exit codes of explain': toolExitCodesTable(tools.explain),
  },
  'docs/image.md': {
    'options of image': toolOptionsTable({ ...tools.image, options: imageOptions }),
    'exit codes of image': toolExitCodesTable(tools.image),
    'errors of images': imageErrorsTable(),
  },
  'docs/commands.md': {
    'options of log-level': toolOptionsTable(tools['log-level']),
    'exit codes of log-level': toolExitCodesTable(tools['log-level']),
    'options of path': toolOptionsTable(tools.path),
    templates: templatesTable(),
    'options of template': toolOptionsTable(tools.template),
    'exit codes': toolExitCodesTable(tools.template),
  },
  'docs/meshes.md': Object.fromEntries(meshNames.map((name) => [`evidence for ${name}`, evidenceTable(name)])),
  'docs/troubleshooting.md': { symptoms: symptomSections() },
  'docs/ports.md': { 'fields of a port': optionsTable(portOptionTable) },
};

/** The policies of the examples. */
const policies: Readonly<Record<string, string>> = {
  'examples/admission-policy/image-volume.yaml': admissionExample('policy', 'volume'),
  'examples/admission-policy/init-container.yaml': admissionExample('policy', 'init'),
  'examples/kyverno/policy.yaml': admissionExample('kyverno', 'volume'),
  'examples/kyverno/policy-init-container.yaml': admissionExample('kyverno', 'init'),
};

interface Described {
  readonly file: string;
  readonly name: string;
  readonly rows: readonly OptionRow[];
  /** Members that are not options of ours. */
  readonly byHand?: readonly string[];
}

const portFields = ['name', 'appProtocol', 'port', 'protocol'];

/** Every public interface of options, whose docstrings are made from its table. */
export const optionInterfaces: readonly Described[] = [
  { file: 'src/wait/wait-for-mesh-options.ts', name: 'WaitForMeshOptions', rows: waitOptionTable },
  { file: 'src/http/mesh-retry-options.ts', name: 'MeshRetryOptions', rows: retryOptionTable },
  { file: 'src/http/mesh-agent.ts', name: 'MeshAgentOptions', rows: agentOnlyTable },
  { file: 'src/http/mesh-fetch.ts', name: 'MeshFetchOptions', rows: fetchOnlyTable },
  { file: 'src/http/fetch-request.ts', name: 'MeshFetchInit', rows: requestOptionTable, byHand: ['body', 'headers'] },
  {
    file: 'src/http/mesh-retry.ts',
    name: 'MeshDispatchOptions',
    rows: requestOptionTable.filter(({ name }) => name === 'meshRetry'),
  },
  { file: 'src/http/safe-to-retry.ts', name: 'RetryableRequest', rows: retryableRequestTable },
  { file: 'src/connect/connect-options.ts', name: 'ConnectOptions', rows: connectOptionTable },
  {
    file: 'src/connect/drivers/connect-amqplib.ts',
    name: 'AmqplibOptions',
    rows: amqplibOnlyTable,
  },
  { file: 'src/connect/endpoint-check.ts', name: 'TcpCheckOptions', rows: tcpCheckOptionTable },
  { file: 'src/connect/tls-check.ts', name: 'TlsCheckOptions', rows: tlsCheckOptionTable },
  { file: 'src/health/health-server-options.ts', name: 'HealthServerOptions', rows: healthOptionTable },
  { file: 'src/health/respond.ts', name: 'HealthPaths', rows: pathOptionTable },
  { file: 'src/health/check.ts', name: 'CheckOptions', rows: checkOptionTable },
  { file: 'src/health/event-loop-check.ts', name: 'EventLoopLimits', rows: eventLoopOptionTable },
  { file: 'src/lifecycle/lifecycle-options.ts', name: 'LifecycleOptions', rows: lifecycleOptionTable },
  { file: 'src/lifecycle/lifecycle-options.ts', name: 'ShutdownHook', rows: hookOptionTable },
  { file: 'src/lifecycle/keep-alive.ts', name: 'KeepAliveOptions', rows: keepAliveOptionTable },
  {
    file: 'src/mesh/ports/port-protocol.ts',
    name: 'PortDeclaration',
    rows: portOptionTable
      .filter(({ name }) => portFields.includes(name))
      // Only describePorts needs it.
      .map((row) => ({ ...row, required: false })),
  },
  {
    file: 'src/mesh/ports/describe-ports.ts',
    name: 'DescribedPort',
    rows: portOptionTable.filter(({ name }) => name === 'port' || !portFields.includes(name)),
  },
];

/** Every file that has texts made from the tables of the code, as it should be. */
export function madeFiles(): Map<string, string> {
  const files = new Map<string, string>();
  const change = (path: string, edit: (text: string) => string) => {
    files.set(path, edit(files.get(path) ?? readFileSync(path, 'utf8')));
  };
  for (const [page, places] of Object.entries(tables)) {
    for (const [name, table] of Object.entries(places)) change(page, (text) => withMade(text, name, table));
  }
  for (const [path, text] of Object.entries(policies)) files.set(path, text);
  for (const { file, name, rows, byHand } of optionInterfaces) {
    change(file, (text) => withDocstrings(text, name, rows, byHand));
  }
  return files;
}

// `npm run docs`: brings the files up to date. The tests say which are not.
if (import.meta.main) {
  for (const [path, text] of madeFiles()) {
    if (readFileSync(path, 'utf8') === text) continue;
    writeFileSync(path, text);
    process.stdout.write(`${path}: written\n`);
  }
}
