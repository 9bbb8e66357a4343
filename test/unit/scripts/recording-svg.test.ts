import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { recordingSvg } from '../../../scripts/recording-svg.ts';

it('shows each line when it came, with its characters escaped', () => {
  const svg = recordingSvg('A "title"', [
    { atMs: 0, text: '  Without mesh-shim' },
    { atMs: 1_250, text: '   1.250 s  app      <a> & "b": ECONNREFUSED' },
  ]);
  expect(svg).toContain('<title>A &quot;title&quot;</title>');
  expect(svg).toMatch(/class="title".*animation-delay:0\.00s.*> {2}Without mesh-shim</);
  expect(svg).toMatch(/class="bad".*animation-delay:1\.25s.*&lt;a> &amp; &quot;b&quot;: ECONNREFUSED</);
});

it('the committed one is of a real Envoy, and asks no other host', () => {
  const svg = readFileSync('docs/images/demo.svg', 'utf8');
  expect(svg).toContain('a real Envoy');
  expect(svg).toContain('ECONNREFUSED');
  expect(svg).toContain('carries traffic');
  expect(svg).not.toMatch(/(?:href|src|url)\b/);
});
