import { failureText } from '../shared/failure-text.ts';
import { isError } from '../shared/is-error.ts';
import type { Check } from './check.ts';

/** Why the check failed; undefined when it passed. Never rejects. */
export async function judge(check: Check, signal: AbortSignal): Promise<string | undefined> {
  try {
    const value = await check({ signal });
    if (value === false) return 'the check returned false';
    if (isError(value)) return describe(value);
    if (typeof value !== 'object' || value === null || !('ok' in value) || value.ok === true) return undefined;
    const text = 'message' in value ? value.message : undefined;
    return typeof text === 'string' && text !== '' ? clip(text) : `the check returned ok: ${clip(String(value.ok))}`;
  } catch (error) {
    return describe(error);
  }
}

function describe(error: unknown): string {
  try {
    return clip(isError(error) ? failureText(error) : String(error));
  } catch {
    return 'the check threw a value that has no text'; // such as Object.create(null)
  }
}

/** One line of bounded length, whatever a driver puts into its errors. */
function clip(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > 200 ? `${line.slice(0, 199)}…` : line;
}
