import { describe } from 'vitest';
import { connectorApps } from '../helpers/connector-apps.ts';
import { testRestarts } from '../helpers/connector-restarts.ts';
import { createDatabase } from '../helpers/database-servers.ts';
import { envoyMissing } from '../helpers/envoy.ts';
import { serverMissing } from '../helpers/servers.ts';

describe.skipIf(envoyMissing()).each(connectorApps)(
  '$driver through a real Envoy',
  ({ server, url, wrongUrl, connect }) => {
    describe.skipIf(serverMissing(server))(server, () => {
      testRestarts({
        create: () => createDatabase(server),
        connect: (port, options) => connect(url(port), options),
        connectWrongly: (port, options) => connect(wrongUrl(port), options),
        mostSockets: 10, // pg's and mysql2's pool; a failed attempt leaves none, and one is under way
      });
    });
  },
);
