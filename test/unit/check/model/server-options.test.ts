import { expect, it } from 'vitest';
import { localListens } from '../../../../src/check/model/listens.ts';
import type { Container } from '../../../../src/check/model/pod.ts';
import { startCommands } from '../../../../src/check/model/start-commands.ts';

/** Where a command listens on localhost, as `PORT WORDS`. */
function listens(command: string, variables: Readonly<Record<string, string>> = {}): string[] {
  const env = new Map(Object.entries(variables));
  const data = { command: command.split(' ') };
  const container = { data, env, commands: startCommands(data, env) } as unknown as Container;
  return localListens(container).map(({ port, words }) => `${port} ${words}`);
}

it.each<[string, Readonly<Record<string, string>>, string[]]>([
  ['uvicorn app:app', {}, ['8000 127.0.0.1 is its default']],
  ['uvicorn app:app --port 9000', {}, ['9000 127.0.0.1 is its default']],
  ['uvicorn app:app --host localhost', { UVICORN_PORT: '9001' }, ['9001 --host localhost']],
  ['uvicorn app:app', { UVICORN_HOST: '::1' }, ['8000 UVICORN_HOST=::1']],
  ['uvicorn app:app', { UVICORN_HOST: '0.0.0.0' }, []],
  ['uvicorn app:app --host=0.0.0.0 --port=80', { UVICORN_HOST: '127.0.0.1' }, []],
  ['uvicorn app:app --uds /run/app.sock --host 10.0.0.1', {}, []],
  ['python3.12 -m uvicorn app:app', {}, ['8000 127.0.0.1 is its default']],
  ['python -m http.server', {}, []],
  ['python app.py uvicorn', {}, []],
  ['flask --app shop run -p 8080', {}, ['8080 127.0.0.1 is its default']],
  ['flask run -h 0.0.0.0', {}, []],
  ['flask routes', {}, []],
  ['mlflow server', { MLFLOW_HOST: '0.0.0.0' }, []],
  ['mlflow ui', {}, []],
  ['vite preview --port 80', {}, ['80 localhost is its default']],
  ['vite build', {}, []],
  ['next start', { PORT: '80' }, []],
  ['next start --hostname 127.0.0.1', { PORT: '80' }, ['80 --hostname 127.0.0.1']],
  ['npx http-server dist -a 127.0.0.1', {}, ['8080 -a 127.0.0.1']],
  ['http-server dist -p 80', {}, []],
  ['client --host 127.0.0.1 --port 80', {}, []],
  ['server --bind-address=127.0.0.1 --port=80', {}, ['80 --bind-address=127.0.0.1 --port=80']],
  [
    'server --http-listen-host localhost --http-port 80 --grpc-port 90',
    {},
    ['80 --http-listen-host localhost --http-port 80'],
  ],
  ['server --http.bind 127.0.0.1 --grpc.port 90', {}, []],
  ['server -bind 127.0.0.1 -listen-port 80', {}, ['80 -bind 127.0.0.1 -listen-port 80']],
])('%s with %j listens on localhost at %j', (command, variables, expected) => {
  expect(listens(command, variables)).toEqual(expected);
});
