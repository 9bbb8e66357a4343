import { defaultLogger, type Logger } from '../shared/logger.ts';

/**
 * The app's logger, which must not be able to stop the shutdown: a line that it fails at goes to stderr.
 *
 * @param onFailure hears of such a line
 */
export function safeLogger(logger: Logger, onFailure: () => void = () => {}): Logger {
  const write = (level: keyof Logger) => (fields: object, message: string) => {
    try {
      logger[level](fields, message);
    } catch (err) {
      onFailure();
      if (logger === defaultLogger) return;
      safeLogger(defaultLogger).error({ err }, `the logger failed at this line (${level}): ${message}`);
    }
  };
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
}
