import { describe, expect, it } from 'vitest';
import { allRules } from '../../../src/check/rules/index.ts';
import { answerOf } from '../../../src/explain/answer.ts';
import { type CauseId, causeIds, causes } from '../../../src/explain/causes/index.ts';
import { sources } from '../../../src/explain/causes/sources.ts';
import { clientSigns } from '../../../src/explain/decide/client-signs.ts';
import { clusterEventSigns, exitCauses } from '../../../src/explain/decide/cluster-event-signs.ts';
import { detailCauses } from '../../../src/explain/decide/details-table.ts';
import { flagCauses } from '../../../src/explain/decide/flag-table.ts';
import { flagSigns, lineSigns } from '../../../src/explain/decide/line-signs.ts';
import { replySigns } from '../../../src/explain/decide/reply-signs.ts';
import { statusCauses } from '../../../src/explain/decide/status-finding.ts';
import { explainText } from '../../../src/explain/explain-text.ts';
import { answerText } from '../../../src/explain/words/answer-text.ts';
import { plainPaint } from '../../../src/explain/words/paint.ts';
import { responseFlags } from '../../../src/mesh/replies/response-flags.ts';
import { tools } from '../../../src/tools/run-tool.ts';

const rows = causeIds.map((id) => [id, causes[id]] as const);

describe.each(rows)('the cause %s', (id, cause) => {
  it('says sentences, and what tells it is a clause', () => {
    for (const text of [cause.says, cause.now])
      expect(text).toMatch(/^(?:[{A-Z]|ztunnel|istiod|istioctl|istio-init|istio-cni|gRPC|mesh-shim|chmod).*[.]$/s);
    expect(cause.tell).not.toMatch(/\.$/);
    expect(cause.says.split(/\s+/).length, 'words of one sentence').toBeLessThan(45);
  });

  it('names others, rules and a page that exist', () => {
    expect(cause.or.filter((other) => !Object.hasOwn(causes, other) || other === id)).toEqual([]);
    const ids: readonly string[] = allRules.map((rule) => rule.id);
    expect(cause.rules.filter((rule) => !ids.includes(rule))).toEqual([]);
    expect(sources[cause.source]).toMatch(/^https:\/\/\S+$/);
  });

  it('can be explained by its name, in 80 columns, without a place left open', () => {
    const explained = explainText(id);
    expect(explained?.finding?.cause).toBe(id);
    const text = explained === undefined ? '' : answerText(explained, { width: 80, paint: plainPaint });
    expect(text).not.toMatch(/[{}]/);
    const wide = text.split('\n').filter((line) => line.length > 80 && !line.includes('https://'));
    expect(wide).toEqual([]);
  });

  it('gives commands of this package that it has', () => {
    const { next } = answerOf({ cause: id, sure: 'certain', because: '', facts: {} });
    expect(next.length).toBeGreaterThan(0);
    const own = next.flatMap((command) => [...command.matchAll(/mesh-shim ([a-z-]+)/g)].map(([, name = '']) => name));
    const known = [...Object.keys(tools), 'status'];
    expect(own.filter((name) => !known.includes(name))).toEqual([]);
  });
});

describe('the tables', () => {
  const said = [
    ...[...lineSigns, ...flagSigns].map(({ cause }) => cause),
    ...[...clusterEventSigns, ...replySigns, ...clientSigns].map(([cause]) => cause),
    ...Object.values(detailCauses),
    ...Object.values(flagCauses).flat(),
    ...Object.values(exitCauses),
    ...[...statusCauses.values()].flat(),
  ] as CauseId[];

  it('have every response flag, and no other', () => {
    expect(Object.keys(flagCauses).toSorted()).toEqual(responseFlags.map(({ flag }) => flag).toSorted());
  });

  it('use every page', () => {
    const used = new Set(causeIds.map((id) => causes[id].source));
    expect(Object.keys(sources).filter((name) => !used.has(name as keyof typeof sources))).toEqual([]);
  });

  it('come to every cause: from a text, from another cause, or from a sidecar that is asked', () => {
    const others = causeIds.flatMap((id) => causes[id].or);
    const asked = ['no-failure', 'unknown-refusal', 'unknown-status', 'unknown-flag', 'app-answered', 'app-failed'];
    const live = ['no-listeners', 'sidecar-starting', 'sidecar-draining', 'ambient', 'no-access-log', 'name-mismatch'];
    const ambient = causeIds.filter((id) => id.startsWith('ambient-'));
    const reached = new Set<string>([...said, ...others, ...asked, ...live, ...ambient]);
    expect(causeIds.filter((id) => !reached.has(id))).toEqual([]);
  });
});
