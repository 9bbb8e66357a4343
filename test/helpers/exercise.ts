/**
 * The library at work, as the source of a function `exercise({ library, undici, http })`: its client against a real server, a
 * mesh agent under undici's own request, an error, and the health server on its thread. It returns what there was to see.
 */
export const exercise = `
async function exercise({ library, undici, http }) {
  const { createHealthServer, createMeshAgent, meshFetch, MeshRequestError, silentLogger, waitForMesh } = library;
  const listen = async (server) => {
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    return 'http://127.0.0.1:' + server.address().port + '/';
  };
  const close = (server) => new Promise((resolve) => server.close(resolve));
  const server = http.createServer((request, response) => request.pipe(response));
  const url = await listen(server);
  const seen = {};
  const form = new FormData();
  form.set('name', 'value');
  seen.fetched = await (await meshFetch(url, { method: 'POST', body: 'sent' })).text();
  seen.form = (await (await meshFetch(url, { method: 'POST', body: form })).text()).includes('name="name"');
  seen.request = (await meshFetch(new Request(url, { method: 'POST', body: 'asked' })).then((reply) => reply.text()));
  const dispatcher = createMeshAgent();
  seen.agent = await (await undici.request(url, { dispatcher, method: 'POST', body: 'through the agent' })).body.text();
  await dispatcher.close();
  await close(server);
  const gone = http.createServer();
  const refused = await listen(gone);
  await close(gone);
  const meshRetry = { deadlineMs: 300, logger: silentLogger };
  const error = await meshFetch(refused, { meshRetry }).catch((thrown) => thrown);
  seen.error = error instanceof MeshRequestError && error instanceof Error && error.neverSent;
  const health = await createHealthServer({ port: 0, host: '127.0.0.1', worker: true, logger: silentLogger });
  health.setState('ready');
  for (let i = 0; i < 200 && seen.health !== 200; i += 1) {
    seen.health = (await (await meshFetch(health.url + '/readyz')).status);
    if (seen.health !== 200) await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await health.close();
  seen.wait = (await waitForMesh({ mesh: 'none', logger: silentLogger })).kind;
  return seen;
}
`;

export const exercised = {
  fetched: 'sent',
  form: true,
  request: 'asked',
  agent: 'through the agent',
  error: true,
  health: 200,
  wait: 'no-sidecar',
};
