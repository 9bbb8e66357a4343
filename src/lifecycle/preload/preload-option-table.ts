import { parseDuration } from '../../text/durations.ts';
import { type LifecycleSettings, lifecycleOptionTable } from '../lifecycle-option-table.ts';
import { InvalidSetting } from './invalid-setting.ts';

/** The options of createLifecycle that an environment can set; the others need the app. */
export type PreloadSettings = Pick<
  LifecycleSettings,
  'drainDelayMs' | 'graceMs' | 'preStopMs' | 'reserveMs' | 'hookTimeoutMs' | 'peerTimeoutMs'
>;

/** A variable of the preload. */
export interface PreloadVariable {
  readonly name: `MESH_LIFECYCLE_${string}`;
  /** The option of createLifecycle that it sets: with its default, its text and its reason. */
  readonly option: keyof PreloadSettings;
  readonly parse: (text: string) => number;
}

const duration = (text: string): number => {
  const ms = parseDuration(text);
  if (ms === undefined) throw new InvalidSetting('a duration with its unit, such as 500ms, 60s or 2m');
  return ms;
};

/** Not MESH_SHIM_*: those are the shim's, which refuses what it does not know. */
export const preloadVariables: readonly PreloadVariable[] = [
  { name: 'MESH_LIFECYCLE_DRAIN_DELAY', option: 'drainDelayMs', parse: duration },
  { name: 'MESH_LIFECYCLE_GRACE', option: 'graceMs', parse: duration },
  { name: 'MESH_LIFECYCLE_PRE_STOP', option: 'preStopMs', parse: duration },
  { name: 'MESH_LIFECYCLE_RESERVE', option: 'reserveMs', parse: duration },
  { name: 'MESH_LIFECYCLE_LISTENER_TIMEOUT', option: 'hookTimeoutMs', parse: duration },
  { name: 'MESH_LIFECYCLE_PEER_TIMEOUT', option: 'peerTimeoutMs', parse: duration },
];

/** The row of createLifecycle that a variable sets. */
export function rowOf({ option }: PreloadVariable) {
  const row = lifecycleOptionTable.find(({ name }) => name === option);
  if (row === undefined) throw new Error(`createLifecycle has no option ${option}`);
  return row;
}
