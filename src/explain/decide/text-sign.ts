import type { CauseId } from '../causes/index.ts';
import type { Certainty } from './finding.ts';

/** Words by which an error message is known; its named groups are facts. */
export type TextSign = readonly [cause: CauseId, sure: Certainty, pattern: RegExp];
