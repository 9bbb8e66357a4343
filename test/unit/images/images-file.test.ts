import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ImageConfig } from '../../../src/images/image-config.ts';
import { ImageError } from '../../../src/images/image-error.ts';
import { imagesFileText, readImagesFile } from '../../../src/images/images-file.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mesh-shim-images-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const read = (text: string) => {
  const path = join(folder, 'images.json');
  writeFileSync(path, text);
  return readImagesFile(path);
};

const web: ImageConfig = {
  reference: 'shop/web:1',
  digest: `sha256:${'0'.repeat(64)}`,
  os: 'linux',
  architecture: 'arm64',
  entrypoint: ['/app', '--x'],
  cmd: undefined,
  user: '1000',
  workingDir: '/srv',
  env: { A: '1' },
  shell: ['/bin/bash', '-c'],
};

it('reads what it writes', () => {
  const images = new Map([
    ['shop/web:1', web],
    ['shop/later:1', undefined],
  ]);
  expect(read(imagesFileText(images))).toEqual(images);
});

it('reads the least that a person writes', () => {
  const [found] = read('{"images":{"web":{"entrypoint":[],"cmd":["/app"]}}}').values();
  const none = { digest: undefined, architecture: undefined, user: undefined, workingDir: undefined, shell: undefined };
  expect(found).toEqual({ reference: 'web', os: 'linux', entrypoint: undefined, cmd: ['/app'], env: {}, ...none });
});

describe('what is none says where and why', () => {
  it.each([
    ['{', 'is no JSON'],
    ['[]', 'is no images file; write {"images"'],
    ['{"images":{"web":[]}}', 'has at images["web"] what is neither an object nor null'],
    ['{"images":{"web":{}}}', 'has at images["web"] neither entrypoint nor cmd; write []'],
    ['{"images":{"web":{"Cmd":[]}}}', 'has at images["web"] the unknown field "Cmd"; use digest, os'],
    ['{"images":{"web":{"cmd":"/app"}}}', 'has at images["web"].cmd what is no list of strings'],
    ['{"images":{"web":{"cmd":[1]}}}', 'has at images["web"].cmd what is no list of strings'],
    ['{"images":{"web":{"cmd":[],"user":1}}}', 'has at images["web"].user what is no string'],
    ['{"images":{"web":{"cmd":[],"digest":"x"}}}', 'has at images["web"].digest what is no digest'],
    ['{"images":{"web":{"cmd":[],"env":{"A":1}}}}', 'has at images["web"].env what is no object of strings'],
  ])('%s', (text, message) => {
    expect(() => read(text)).toThrow(ImageError);
    expect(() => read(text)).toThrow(message);
  });

  it('that there is no such file', () => {
    expect(() => readImagesFile(join(folder, 'nothing.json'))).toThrow('cannot be read: no such file or directory');
  });
});
