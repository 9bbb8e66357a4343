import { type Explained, explainText } from '../../explain/explain-text.ts';
import { chooseFinding } from '../../explain/pod/choose-finding.ts';
import { type Diagnosis, diagnoseSidecar } from '../../explain/pod/diagnose-sidecar.ts';
import { type SidecarAnswers, sidecarQuestions } from '../../explain/pod/sidecar-answers.ts';
import { answerJson, diagnosisJson } from '../../explain/words/answer-json.ts';
import { answerText } from '../../explain/words/answer-text.ts';
import { diagnosisText } from '../../explain/words/diagnosis-text.ts';
import { type GivenOptions, ToolError, type ToolIo, toolExitCodes } from '../tool.ts';
import { askByKubectl } from './ask-by-kubectl.ts';
import { type AskSidecar, askAdmin } from './ask-sidecar.ts';
import { type ExplainOptions, layoutOf, standardAdmin } from './explain-options.ts';

/** `explain --pod [POD [WHAT...]]`: asks a live sidecar what it needs to know, and decides. */
export async function explainPod(
  { operands, values }: GivenOptions,
  options: ExplainOptions,
  io: ToolIo,
): Promise<number> {
  const [pod, ...rest] = operands;
  const isHere = pod === undefined || pod === 'localhost';
  const admin = values.get('admin-url');
  const [namespace, context] = [values.get('namespace'), values.get('context')];
  if (isHere && (namespace !== undefined || context !== undefined)) {
    throw new ToolError('--namespace and --context are for a POD that is asked through kubectl; name the POD');
  }
  if (!isHere && admin !== undefined)
    throw new ToolError(`--admin-url is for the pod that this runs in, got the POD ${pod}; leave one out`);
  const ask = isHere ? askAdmin(admin ?? standardAdmin) : askByKubectl({ pod, namespace, context }, io);
  const diagnosis = diagnoseSidecar(await answersOf(ask), Date.now());
  const named = isHere ? diagnosis : withPod(diagnosis, pod, namespace);
  const text = rest.join(' ');
  if (text.trim() === '') {
    io.stdout.write(options.json ? diagnosisJson(named) : diagnosisText(named, options.top, layoutOf(io)));
    return toolExitCodes.done.code;
  }
  const explained = explainText(text, options.format);
  if (explained === undefined)
    throw new ToolError(
      `nothing known in ${JSON.stringify(text)}; leave it out to hear what is wrong with the sidecar`,
    );
  const decided = decide(explained, named);
  io.stdout.write(options.json ? answerJson(decided) : answerText(decided, layoutOf(io)));
  return toolExitCodes.done.code;
}

/** By what the sidecar shows; where it shows none of the causes, the text alone decides, and that is said. */
function decide(explained: Explained, { findings }: Diagnosis): Explained {
  const shown = chooseFinding(explained, findings);
  if (shown !== undefined) return { ...explained, finding: shown, candidates: [] };
  const { finding } = explained;
  if (finding === undefined) return explained;
  return {
    ...explained,
    finding: { ...finding, because: `${finding.because} (the sidecar itself shows no trace of it)` },
  };
}

async function answersOf(ask: AskSidecar): Promise<SidecarAnswers> {
  // The first one tells whether anybody is there, and is told of.
  const serverInfo = await ask(sidecarQuestions.serverInfo);
  const quietly = (path: string) => ask(path).catch(() => '');
  const [stats, certs, clusters, listeners] = await Promise.all([
    quietly(sidecarQuestions.stats),
    quietly(sidecarQuestions.certs),
    quietly(sidecarQuestions.clusters),
    quietly(sidecarQuestions.listeners),
  ]);
  return { serverInfo, stats, certs, clusters, listeners };
}

/** Commands then name the pod that was asked. */
function withPod(diagnosis: Diagnosis, pod: string, namespace: string | undefined): Diagnosis {
  const facts = { pod, ...(namespace === undefined ? {} : { podNamespace: namespace }) };
  return {
    ...diagnosis,
    findings: diagnosis.findings.map((finding) => ({ ...finding, facts: { ...facts, ...finding.facts } })),
  };
}
