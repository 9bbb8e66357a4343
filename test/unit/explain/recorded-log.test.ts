import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { explainText } from '../../../src/explain/explain-text.ts';
import { createLogExplainer } from '../../../src/explain/log/explain-log.ts';

// Recorded from a real Envoy with faults that were made on purpose: scripts/record-faults.ts.
const lines = readFileSync('test/fixtures/explain/faults.log', 'utf8').trimEnd().split('\n');
const truth = JSON.parse(readFileSync('test/fixtures/explain/faults.truth.json', 'utf8')) as string[];

it('each line of the recorded log is told as its true cause', () => {
  expect(lines.length).toBe(truth.length);
  expect(lines.length).toBeGreaterThanOrEqual(500);
  expect(new Set(truth).size).toBeGreaterThan(20);
  const wrong = lines.flatMap((line, index) => {
    const cause = explainText(line)?.finding?.cause;
    return cause === truth[index] ? [] : [`${truth[index]}, not ${cause}: ${line}`];
  });
  expect(wrong).toEqual([]);
});

it('and the whole log by the same counts', () => {
  const explainer = createLogExplainer();
  for (const line of lines) explainer.add(line);
  const { requests, failed, tallies } = explainer.summary();
  const counts = new Map(truth.map((cause) => [cause, truth.filter((other) => other === cause)]));
  expect({ requests, failed }).toEqual({
    requests: lines.length,
    failed: lines.length - (counts.get('no-failure')?.length ?? 0),
  });
  for (const { finding, count } of tallies)
    expect([finding.cause, count]).toEqual([finding.cause, counts.get(finding.cause)?.length]);
  expect(tallies).toHaveLength(counts.size - 1);
});
