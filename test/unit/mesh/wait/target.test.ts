import { describe, expect, it } from 'vitest';
import { EndpointError } from '../../../../src/mesh/ask/endpoint.ts';
import { parseTarget } from '../../../../src/mesh/wait/target.ts';

describe('what else is waited for', () => {
  it.each([
    ['http://db:80/x', 'status'],
    ['tcp://db:5432', 'connect'],
    ['unix:/run/app.sock', 'connect'],
    ['unix:@app', 'connect'],
    ['file:/vault/secrets/config', 'connect'],
    ['postgres://db:5432', 'protocol'],
    ['kafka://[::1]:9092', 'protocol'],
    ['grpc://localhost:9000', 'protocol'],
    ['grpc://[::1]:9000/orders.v1.Orders', 'protocol'],
  ])('%s', (text, kind) => {
    expect(parseTarget(text)).toMatchObject({ subject: text, question: { kind, endpoint: { text } } });
  });

  it.each([
    ['file:/run/a b#c%20', '/run/a b#c%20'],
    ['file:///run/a', '/run/a'],
    ['file:a', 'a'],
    ['file:./a', './a'],
  ])('%s is the file %s', (text, path) => {
    expect(parseTarget(text).question.endpoint.addresses).toEqual([{ kind: 'file', path }]);
  });

  it.each([
    '',
    'db:5432',
    'ftp://x',
    'tcp:db',
    'file:',
    'file://',
    'file://host/a',
    'file:a\0b',
    'grpc://host',
    'grpc:host:1',
    'grpc://u@host:1',
    'grpc://host:1/a?b',
  ])('%j is no address', (text) => {
    expect(() => parseTarget(text)).toThrow(EndpointError);
  });

  it('takes the URL that a client takes, without its secrets', () => {
    const { subject, question } = parseTarget('postgresql://app:se%2Fcret@db/orders?sslmode=require');
    expect(subject).toBe('postgresql://db');
    expect(question.endpoint).toEqual({
      addresses: [{ kind: 'tcp', host: 'db', port: 5432 }],
      authority: 'db',
      path: '',
      text: 'postgresql://db',
    });
  });

  it.each([
    ['postgres://app:se/cret@db:5432', 'postgres://...: has "@" after "/", "?" or "#"; write these percent-encoded'],
    ['mongodb://u:p@a:1,b:2/x', 'mongodb://a:1,b:2: has several hosts; name each by itself'],
    ['redis://:secret@db:x', 'redis://db:x: "x" is not a port (1 to 65535)'],
    ['amqp://u:p@', 'amqp://: has no host'],
  ])('%s is refused, without its secrets', (text, message) => {
    expect(() => parseTarget(text)).toThrow(new EndpointError(message));
  });
});
