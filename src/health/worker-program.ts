import type { WorkerOptions } from 'node:worker_threads';

/** What a thread is started with: a file, or code. */
export interface WorkerProgram {
  readonly source: URL | string;
  readonly options: Pick<WorkerOptions, 'eval'>;
}

/**
 * The health server's thread, as these sources start it. In the package the code itself stands here instead (see
 * `scripts/build.ts`): a file beside the library is lost when the app is bundled.
 */
export const workerProgram = (): WorkerProgram => ({ source: new URL('./worker.ts', import.meta.url), options: {} });
