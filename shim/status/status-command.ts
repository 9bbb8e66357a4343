import type { Settings } from '../../src/command-line/option-values.ts';
import { createAsker } from '../../src/mesh/ask/asker.ts';
import { exitCodes } from '../exit-codes.ts';
import type { Host } from '../host.ts';
import { withEndingSignals } from '../interruption.ts';
import { describeStatus } from './describe-status.ts';
import { examineSidecar } from './examine-sidecar.ts';

/** `status`: exit code 0 when every sidecar is ready, else 1. */
export async function statusCommand(host: Host, settings: Settings, json: boolean): Promise<number> {
  return withEndingSignals(host, async (signal) => {
    const asker = createAsker(host.transport, host.clock);
    const context = { host, settings, asker, signal };
    const statuses = await Promise.all(settings.mesh.map((mesh) => examineSidecar(mesh, context)));
    asker.close();
    if (json) host.print(`${JSON.stringify(statuses.length === 1 ? statuses[0] : statuses, null, 2)}\n`);
    else host.print(statuses.map(describeStatus).join('\n') || 'no sidecar is looked for (--mesh none)\n');
    return statuses.every(({ ready }) => ready) ? 0 : exitCodes.notReady.code;
  });
}
