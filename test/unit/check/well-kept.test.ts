import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { checkManifests } from '../../../src/check/report/check-manifests.ts';

const folder = 'test/fixtures/well-kept';

it.each(readdirSync(folder))('finds nothing in %s', (name) => {
  const text = readFileSync(`${folder}/${name}`, 'utf8');
  const { findings, unread, objects } = checkManifests([{ name, text }], { inputs: { kubernetes: '1.34' } });
  expect({ findings, unread }).toEqual({ findings: [], unread: [] });
  expect(objects).toBeGreaterThan(5);
});

it('calls an error a warning while it rests on an input that is only assumed', () => {
  const text = readFileSync('test/fixtures/check/startup-unprotected/bad.yaml', 'utf8');
  const severity = (inputs: object) => checkManifests([{ name: 'a', text }], { inputs }).findings[0]?.severity;
  expect(severity({})).toBe('warning');
  expect(severity({ native: 'auto', kubernetes: '1.30' })).toBe('error');
  expect(severity({ native: 'false' })).toBe('error');
  expect(severity({ native: 'auto', kubernetes: '1.33' })).toBeUndefined();
  expect(severity({ native: 'auto', kubernetes: '1.33', istio: '1.26' })).toBe('error');
});
