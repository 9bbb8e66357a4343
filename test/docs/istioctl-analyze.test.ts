import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { analyzerCodes } from '../../scripts/istio/analyzer-codes.ts';
import { type AnalyzerMessages, messagesFile } from '../../scripts/istio/record-messages.ts';
import { istioSources } from '../../scripts/istio/releases.ts';
import { allRules } from '../../src/check/rules/index.ts';

const recorded = JSON.parse(readFileSync(messagesFile, 'utf8')) as AnalyzerMessages;
const ids = allRules.map(({ id }) => id);

it('has every message of the newest release whose source there is, and no other', () => {
  expect(recorded.istio).toBe(Object.keys(istioSources).at(-1));
  expect(recorded.messages.length).toBeGreaterThan(60);
  expect(Object.keys(analyzerCodes)).toEqual(recorded.messages.map(({ code }) => code));
});

it('names rules that exist, each once, or says why there is none', () => {
  for (const [code, row] of Object.entries(analyzerCodes)) {
    if (row.rules === undefined) expect(row.why, code).toMatch(/^[A-Z].*\.$/);
    else {
      expect(row.rules.length, code).toBeGreaterThan(0);
      expect(new Set(row.rules).size, code).toBe(row.rules.length);
      expect(
        row.rules.filter((rule) => !ids.includes(rule)),
        code,
      ).toEqual([]);
    }
  }
});

it('names the rules that look references up', () => {
  const named = Object.values(analyzerCodes).flatMap(({ rules }) => rules ?? []);
  const own = ids.filter((id) =>
    /^(vs|gateway|dr-(host|subset)|sidecar-twice|telemetry|envoyfilter|selector|istio-field)/.test(id),
  );
  expect(own.length).toBeGreaterThan(10);
  expect(own.filter((id) => !named.includes(id))).toEqual([]);
});
