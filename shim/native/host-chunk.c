/*
 * The bytecode in the program's image: of the first script as it is, since each start reads it, and of each chunk packed, to be
 * read when the script needs what is in it.
 */
#include <string.h>
#include <sys/mman.h>

#include "host.h"

#include "chunks.h"

static size_t length_from(size_t length, const unsigned char **in) {
  if (length < 15) return length;
  unsigned char more;
  do length += more = *(*in)++;
  while (more == 255);
  return length;
}

/* Eight bytes at a time, mostly once: what it writes beyond the end is written over by what comes next. */
#define SPILL 8
static void copy_on(unsigned char *out, const unsigned char *in, size_t length) {
  for (size_t done = 0; done < length; done += SPILL) __builtin_memcpy(out + done, in + done, SPILL);
}

/* Of what `scripts/native/pack.ts` has packed: literals, then a match with what has been unpacked, again and again. */
static void unpack(const unsigned char *in, const unsigned char *end, unsigned char *out) {
  for (;;) {
    unsigned char token = *in++;
    size_t length = length_from(token >> 4, &in);
    copy_on(out, in, length);
    out += length;
    in += length;
    if (in >= end) return;
    size_t offset = in[0] | in[1] << 8;
    in += 2;
    length = length_from(token & 15, &in) + LEAST_MATCH;
    /* A match may reach into what it makes itself. */
    if (offset >= SPILL) copy_on(out, out - offset, length);
    else
      for (size_t i = 0; i < length; i++) out[i] = out[i - offset];
    out += length;
  }
}

JSValue run_start(JSContext *ctx) {
  JSValue script = JS_ReadObject(ctx, chunk_bytes, chunks[0].size, JS_READ_OBJ_BYTECODE);
  return JS_IsException(script) ? script : JS_EvalFunction(ctx, script);
}

/* chunk(place): the value of its script. It repeats what stands in the first one. */
CALL(call_chunk) {
  unsigned place = (unsigned)int_of(ctx, argv[0]);
  if (place == 0 || place >= COUNT(chunks)) return JS_UNDEFINED;
  const size_t before = chunks[0].size, size = chunks[place].size, room = before + size + SPILL;
  const int kind = MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE;
  unsigned char *bytes = mmap(NULL, room, PROT_READ | PROT_WRITE, kind, -1, 0);
  if (bytes == MAP_FAILED) return JS_ThrowOutOfMemory(ctx);
  memcpy(bytes, chunk_bytes, before);
  unpack(chunk_bytes + chunks[place].from, chunk_bytes + chunks[place].to, bytes + before);
  /* The engine copies what it reads. */
  JSValue script = JS_ReadObject(ctx, bytes + before, size, JS_READ_OBJ_BYTECODE);
  munmap(bytes, room);
  return JS_IsException(script) ? script : JS_EvalFunction(ctx, script);
}

const JSCFunctionListEntry chunk_calls[] = {JS_CFUNC_DEF("chunk", 1, call_chunk)};
const int chunk_call_count = COUNT(chunk_calls);
