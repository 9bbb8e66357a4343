import { main } from '../main.ts';
import { createNodeHost } from './node-host.ts';

const host = createNodeHost();
main(host).then(async (code) => {
  await host.log.flush();
  host.exit(code);
});
