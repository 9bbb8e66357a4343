import { failureText } from '../../shared/failure-text.ts';
import type { Logger } from '../../shared/logger.ts';

/** Says when a client that stood has lost its server, and when it is back. */
export interface OutageLog {
  lost(failure: unknown): void;
  back(): void;
}

export function createOutageLog({ name, logger }: { readonly name: string; readonly logger: Logger }): OutageLog {
  let reason: string | undefined;
  return {
    lost(failure) {
      const now = failureText(failure);
      // Drivers report each of their attempts, and a pool each of its connections.
      const level = now === reason ? 'debug' : 'warn';
      reason = now;
      logger[level]({ subject: name, reason }, `${name}: connection lost: ${reason}`);
    },
    back() {
      if (reason === undefined) return;
      reason = undefined;
      logger.info({ subject: name }, `${name}: connected again`);
    },
  };
}
