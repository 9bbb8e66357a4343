import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { until } from '../helpers/until.ts';

/** What the kernel says of a process's memory, in KiB: proc_pid_smaps(5). */
export function memoryOf(pid: number): { readonly pss: number; readonly ownPages: number; readonly anonymous: number } {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const kib = (field: string): number => Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(text)?.[1]);
  return {
    pss: kib('Pss'),
    ownPages: kib('Private_Clean') + kib('Private_Dirty'),
    anonymous: kib('Anonymous'),
  };
}

/** Whether the shim has let go of its engine, whose heap alone is larger. */
export const isResting = (pid: number): boolean => memoryOf(pid).anonymous < 150;

export const untilResting = (pid: number): Promise<boolean> => until('the shim to rest', () => isResting(pid));

export const childrenOf = (pid: number): number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);

/** What its descriptors are of, in their order. */
export const descriptorsOf = (pid: number): string[] => {
  const names = readdirSync(`/proc/${pid}/fd`).toSorted((one, other) => Number(one) - Number(other));
  return names.map((name) => `${name} ${readlinkSync(`/proc/${pid}/fd/${name}`)}`);
};
