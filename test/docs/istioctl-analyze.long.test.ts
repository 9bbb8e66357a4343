import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { messagesFile, messagesText } from '../../scripts/istio/record-messages.ts';

it("is the list of Istio's newest release (if not: npm run record:istio)", () => {
  expect(readFileSync(messagesFile, 'utf8')).toBe(messagesText());
});
