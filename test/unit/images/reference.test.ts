import { describe, expect, it } from 'vitest';
import { ImageError } from '../../../src/images/image-error.ts';
import { parseReference } from '../../../src/images/reference.ts';

const digest = `sha256:${'0123456789abcdef'.repeat(4)}`;

describe('in a registry', () => {
  it.each([
    ['nginx', 'docker.io', 'library/nginx', 'latest', undefined],
    ['shop/web:1.4', 'docker.io', 'shop/web', '1.4', undefined],
    ['docker.io/nginx', 'docker.io', 'library/nginx', 'latest', undefined],
    ['index.docker.io/shop/web', 'docker.io', 'shop/web', 'latest', undefined],
    ['localhost/web', 'localhost', 'web', 'latest', undefined],
    ['localhost:5000/web:a', 'localhost:5000', 'web', 'a', undefined],
    ['registry:5000/web', 'registry:5000', 'web', 'latest', undefined],
    ['REGISTRY/web', 'REGISTRY', 'web', 'latest', undefined],
    ['[::1]:5000/web', '[::1]:5000', 'web', 'latest', undefined],
    ['registry.example.com/a/b-c/d__e/f.g:V_1.0-x', 'registry.example.com', 'a/b-c/d__e/f.g', 'V_1.0-x', undefined],
    [`registry.example.com/web@${digest}`, 'registry.example.com', 'web', undefined, digest],
    [`registry.example.com/web:1@${digest}`, 'registry.example.com', 'web', '1', digest],
    ['web:5000', 'docker.io', 'library/web', '5000', undefined],
  ])('%s', (text, host, repository, tag, named) => {
    expect(parseReference(text)).toEqual({ kind: 'registry', text, host, repository, tag, digest: named });
  });
});

describe('in a file', () => {
  it.each([
    ['oci:images/web', 'layout', 'images/web', undefined],
    ['oci:/var/images:1.4', 'layout', '/var/images', '1.4'],
    ['archive:web.tar', 'archive', 'web.tar', undefined],
    ['oci-archive:./web.tar:latest', 'archive', './web.tar', 'latest'],
    ['docker-archive:a:b/web.tar', 'archive', 'a:b/web.tar', undefined],
  ])('%s', (text, kind, path, tag) => {
    expect(parseReference(text)).toEqual({ kind, text, path, tag });
  });
});

describe('what is none says why', () => {
  it.each([
    ['', 'names no repository'],
    ['registry.example.com/', 'names no repository'],
    ['https://registry.example.com/web', 'is a URL; leave the scheme out'],
    ['Shop:1', 'has capital letters in its name; names are lower case: shop'],
    ['a/Shop', 'has capital letters in its name; names are lower case: a/shop'],
    ['web:', 'has the tag "", which is none'],
    ['web:-x', 'has the tag "-x", which is none'],
    ['web:1:2', 'has more than one tag'],
    ['web@sha256:12', 'has a digest that is none'],
    [`web@${digest}@${digest}`, 'has a digest that is none'],
    ['a..b/web', 'has the host "a..b", which is none'],
    ['a.b/../web', 'has the name "../web", which is none'],
    ['web\n', 'has the name "web\\n", which is none'],
    ['0123456789abcdef'.repeat(4), 'is the ID of an image on one machine'],
    [`${'a/'.repeat(130)}a`, 'is longer than 255 characters'],
    ['oci:', 'names no path'],
    ['archive:web.tar:$x', 'has the tag "$x", which is none'],
  ])('%j', (text, what) => {
    let error: unknown;
    try {
      parseReference(text);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(ImageError);
    expect(error).toMatchObject({ code: 'IMAGE_REFERENCE', message: expect.stringContaining(what) });
    expect((error as Error).message).toContain('; write [HOST[:PORT]/]NAME');
  });
});
