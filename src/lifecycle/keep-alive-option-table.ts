import * as accepted from '../shared/accepted.ts';
import { optionTable } from '../shared/option-table.ts';

/** The options of `keepAliveFor`. */
export const keepAliveOptionTable = optionTable<{ readonly proxyIdleMs: number }>({
  proxyIdleMs: {
    ...accepted.durationMs(1),
    default: 3_600_000,
    text: 'How long the proxy keeps an idle connection.',
    reason: "Envoy's own idle timeout, one hour.",
  },
});
