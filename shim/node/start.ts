import { main } from '../main.ts';
import { createNodeHost } from './node-host.ts';

const host = createNodeHost();
const code = await main(host);
await host.log.flush();
host.exit(code);
