import { globSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { optionTable } from '../../../src/command-line/options.ts';
import { disabledVariable } from '../../../src/mesh/wait/disabled.ts';

it('no variable for the tests begins as those of the shim, which would warn of it in every test', () => {
  const own = [...Object.values(optionTable).map(({ env }) => env), disabledVariable];
  const files = globSync(['scripts/**/*.ts', 'test/helpers/**/*.ts', 'vitest*.ts', '.github/workflows/*.yml']);
  expect(files.length).toBeGreaterThan(50);
  const others = files.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/(?:env\.|['"\s])(MESH_SHIM_\w+)/g)]
      .map(([, name = '']) => name)
      // A constant that bundling puts in.
      .filter((name) => !own.includes(name) && name !== 'MESH_SHIM_VERSION')
      .map((name) => `${file}: ${name}`),
  );
  expect(others).toEqual([]);
});
