import { main } from '../main.ts';
import { createNodeHost } from './node-host.ts';

const host = createNodeHost();
async function runToEnd(): Promise<never> {
  const code = await main(host);
  await host.log.flush();
  return host.exit(code);
}

void runToEnd();
