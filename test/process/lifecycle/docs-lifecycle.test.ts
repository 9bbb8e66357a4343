import { expect, test } from 'vitest';
import { runCommand } from '../../helpers/run-shim.ts';
import { snippetCommand, snippetsOf } from '../../helpers/snippets.ts';

/** What the page takes as given: real servers, and clients of others that say when they are ended. */
const given = `
import { Server as GrpcServer } from '@grpc/grpc-js';
import { createServer as createGivenServer } from 'node:http';
import { Server as SocketIoServer } from 'socket.io';
const ended = (name) => async () => console.log(name, 'ended');
const server = createGivenServer();
const grpcServer = new GrpcServer();
const io = new SocketIoServer(server);
const worker = { close: ended('worker') };
const consumer = { disconnect: ended('consumer') };
const connect = async () => ({ end: ended('pool') });
const work = ended('work');
process.env.MESH_SHIM_DISABLED = 'a test';
`;
const snippets = snippetsOf('docs/lifecycle.md');

const run = (code: string) => {
  // The ports of the page may be in use here; of a sidecar there is none.
  const here = code.replaceAll('8080', '0').replace("quitSidecar: 'istio'", 'quitSidecar: async () => {}');
  const ownsPool = code.includes('const pool');
  const { command, cwd } = snippetCommand(
    `${given}${ownsPool ? '' : 'const pool = await connect();'}${here}\nconsole.log('started');`.replace(
      '{ appPorts: [0] }',
      '{ port: 0 }',
    ),
  );
  return runCommand(command, { cwd });
};

test('each snippet of the page starts, and ends in its order', async () => {
  expect(snippets).toHaveLength(3);
  const ends = [['pool ended'], ['worker ended', 'consumer ended', 'pool ended'], ['work ended', 'pool ended']];
  for (const [index, code] of snippets.entries()) {
    const app = run(code);
    await app.saw(/started/);
    // The others have nothing that keeps them open.
    if (code.includes('.listen(')) app.child.kill('SIGTERM');
    expect((await app.ended).code, code + app.stderr()).toBe(0);
    const lines = app
      .stdout()
      .trim()
      .split('\n')
      .filter((line) => line !== 'started');
    expect(lines).toEqual(ends[index]);
  }
});
