import { expect, it } from 'vitest';
import { freePort } from '../../../helpers/free-port.ts';
import { runToolHere } from '../../../helpers/run-tool.ts';

const refusal = async (args: string[], text: RegExp, env: Record<string, string> = {}) => {
  const run = await runToolHere('explain', args, { env });
  expect(run).toMatchObject({ code: 2, stdout: '' });
  expect(run.stderr).toMatch(text);
};

it('says where nobody answers, and what to do', async () => {
  const url = `http://localhost:${await freePort()}`;
  await refusal(
    ['--pod', '--admin-url', url],
    /cannot ask the sidecar's admin at http:\/\/localhost:\d+: nothing listens there; run this inside the pod, or name the POD/,
  );
  await refusal(
    ['--pod', '--admin-url', 'unix:/nowhere/socket'],
    /cannot ask the sidecar's admin at unix:\/nowhere\/socket: no such file or directory/,
  );
  await refusal(['--pod', '--admin-url', 'localhost'], /--admin-url: localhost: not an address/);
});

it('refuses what makes no sense', async () => {
  await refusal(['--pod', '-n', 'shop'], /--namespace and --context are for a POD that is asked through kubectl/);
  await refusal(
    ['--pod', '--admin-url', 'http://localhost:1', 'web-0'],
    /--admin-url is for the pod that this runs in, got the POD web-0/,
  );
  for (const pod of ['web 0', '$(id)', 'a;b', 'Web', 'a/b/c']) await refusal(['--pod', pod], /is no name of a pod/);
  await refusal(['--pod', 'web-0'], /kubectl is not on the PATH; install it, or run this inside the pod/, {
    PATH: '/nowhere',
  });
});
