import { request } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createReplyReader, HttpReplyError } from '../../../../src/mesh/ask/http1.ts';

/** What both readers must agree on; undefined: no whole reply. */
type Reading = { status: number; body: string } | undefined;

// Node's own HTTP parser, behind a real socket that says what the fuzzer made up, is the oracle. Whatever our reader
// takes, Node must take, with the same status and body. The other way round ours is stricter, on purpose, in the
// ways listed here: nothing honest does them, and each is a way to read one reply differently than another program.
const stricterOnPurpose = [
  'malformed status line', // HTTP/0.9, 1.2 and 2.0 in the status line, odd blanks, controls in the reason
  'not an HTTP/1 reply', // blank lines before the status line
  'malformed header line', // folded headers
  'control character in header', // bare CR
  'content-length', // equal lengths repeated
  'transfer-encoding', // codings beside chunked, which we never ask for
  'both transfer-encoding and content-length',
  'malformed chunk extension', // blanks around
  'malformed chunk size', // more than 13 digits, blanks inside
  'does not end with CR LF',
  'chunk longer than its size says',
  'unexpected switch to another protocol',
  'longer than',
];

let server: Server;
let script: string;

beforeAll(async () => {
  server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => socket.end(script, 'latin1'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

function nodeReads(bytes: string): Promise<Reading> {
  script = bytes;
  return new Promise((resolve) => {
    const { port } = server.address() as AddressInfo;
    const outgoing = request({ port, host: '127.0.0.1', agent: false }, (response) => {
      let body = '';
      response.setEncoding('latin1');
      response.on('data', (piece: string) => {
        body += piece;
      });
      response.on('end', () => resolve(response.complete ? { status: response.statusCode ?? 0, body } : undefined));
      response.on('error', () => resolve(undefined));
    });
    outgoing.on('error', () => resolve(undefined));
    outgoing.end();
  });
}

function weRead(bytes: string, cuts: readonly number[] = []): Reading | string {
  const reader = createReplyReader();
  const positions = [...new Set([...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length])].sort((a, b) => a - b);
  let from = 0;
  try {
    for (const to of positions) {
      const reply = to > from ? reader.feed(bytes.slice(from, to)) : undefined;
      if (reply) return { status: reply.status, body: reply.body };
      from = to;
    }
    const { status, body } = reader.end();
    return { status, body };
  } catch (error) {
    if (!(error instanceof HttpReplyError)) throw error;
    return error.message;
  }
}

/** As much as our reader needs for a whole reply: on bytes behind it Node gives up a reply that it has read already. */
function withoutRest(bytes: string): string {
  const reader = createReplyReader();
  try {
    for (let length = 1; length <= bytes.length; length++) {
      if (reader.feed(bytes[length - 1] as string)) return bytes.slice(0, length);
    }
  } catch {
    // not a reply: the oracle may see all of it
  }
  return bytes;
}

const token = fc.stringMatching(/^[A-Za-z][A-Za-z0-9-]{0,8}$/);
const text = fc.string({ maxLength: 12, unit: 'binary-ascii' });
const body = fc.string({
  maxLength: 40,
  unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)),
});
const wrong = fc.constantFrom(
  '\r',
  '\n',
  '\r\n',
  '\0',
  ' ',
  ':',
  ';',
  '\t',
  '0',
  'f',
  '-',
  'HTTP/1.1',
  '\x7f',
  '\xff',
  '',
);

const chunked = fc.array(body.filter((chunk) => chunk !== '')).map((chunks) => {
  const coded = [...chunks, ''].map((chunk) => `${chunk.length.toString(16)}\r\n${chunk}${chunk === '' ? '' : '\r\n'}`);
  return { header: 'Transfer-Encoding: chunked\r\n', coded: `${coded.join('')}\r\n` };
});
const fixed = body.map((coded) => ({ header: `Content-Length: ${coded.length}\r\n`, coded }));
const untilClose = body.map((coded) => ({ header: '', coded }));

/** Replies as a server may well send them. */
const honest = fc
  .record({
    interim: fc.constantFrom('', '', 'HTTP/1.1 100 Continue\r\n\r\n', 'HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n'),
    minor: fc.constantFrom('0', '1', '1'),
    status: fc.constantFrom(200, 200, 204, 301, 304, 403, 404, 500, 503, 599, 999),
    reason: fc.constantFrom(' OK', ' ', '', ' Not Found'),
    headers: fc.array(fc.tuple(token, fc.constantFrom('', 'x', 'a, b', '"q"', 'caf\xe9'))),
    framing: fc.oneof(chunked, fixed, untilClose),
    connection: fc.constantFrom('', 'Connection: close\r\n', 'Connection: keep-alive\r\n'),
  })
  .map(({ interim, minor, status, reason, headers, framing, connection }) => {
    const others = headers.map(([name, value]) => `X-${name}: ${value}\r\n`).join('');
    const bodyless = status === 204 || status === 304;
    const head = `HTTP/1.${minor} ${status}${reason}\r\n${others}${framing.header}${connection}\r\n`;
    return interim + head + (bodyless ? '' : framing.coded);
  });

/** The same with some bytes put in, taken out or replaced. */
const mutated = fc
  .tuple(honest, fc.array(fc.tuple(fc.nat(), fc.nat(3), fc.oneof(wrong, text)), { minLength: 1, maxLength: 3 }))
  .map(([bytes, edits]) =>
    edits.reduce((before, [at, removed, added]) => {
      const position = at % (before.length + 1);
      return before.slice(0, position) + added + before.slice(position + removed);
    }, bytes),
  );
const cut = fc.tuple(honest, fc.nat()).map(([bytes, at]) => bytes.slice(0, at % (bytes.length + 1)));

describe("the HTTP reader against Node's own parser", () => {
  it('reads honest replies alike', async () => {
    await fc.assert(
      fc.asyncProperty(honest, async (bytes) => {
        expect(weRead(bytes)).toEqual(await nodeReads(withoutRest(bytes)));
      }),
      { numRuns: 300 },
    );
  });

  it('takes nothing of a damaged reply that Node does not take, and refuses more only on purpose', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(mutated, mutated, cut), async (bytes) => {
        const ours = weRead(bytes);
        const theirs = await nodeReads(withoutRest(bytes));
        if (typeof ours === 'object') expect(ours).toEqual(theirs);
        else if (theirs)
          expect(
            stricterOnPurpose.some((reason) => ours?.includes(reason)),
            ours,
          ).toBe(true);
      }),
      { numRuns: 800 },
    );
  });
});

describe('the pieces in which bytes arrive', () => {
  it('make no difference', () => {
    fc.assert(
      fc.property(fc.oneof(honest, mutated, cut), fc.array(fc.nat(), { maxLength: 12 }), (bytes, cuts) => {
        const whole = weRead(bytes);
        const pieces = weRead(bytes, cuts);
        if (typeof whole === 'object') expect(pieces).toEqual(whole);
        else expect(pieces).toBeTypeOf('string');
      }),
      { numRuns: 3_000 },
    );
  });

  it('not even byte by byte', () => {
    fc.assert(
      fc.property(fc.oneof(honest, mutated), (bytes) => {
        const whole = weRead(bytes);
        const pieces = weRead(
          bytes,
          Array.from(bytes, (_, index) => index),
        );
        if (typeof whole === 'object') expect(pieces).toEqual(whole);
        else expect(pieces).toBeTypeOf('string');
      }),
      { numRuns: 500 },
    );
  });
});
