/*
 * In the place of those of the compiler's own library, which that has for size only, a byte at a time: a fifth of a start. The
 * empty statements keep the compiler from making a call of the very function out of the loop.
 */
#include <stddef.h>
#include <stdint.h>

typedef uint64_t __attribute__((may_alias, aligned(1))) word;
#define STEP __asm__ volatile("" ::: "memory")

void *memcpy(void *restrict to, const void *restrict from, size_t size) {
  char *out = to;
  const char *in = from;
  for (; size >= 32; size -= 32, out += 32, in += 32) {
    const word *source = (const word *)in, first = source[0], second = source[1], third = source[2], fourth = source[3];
    word *target = (word *)out;
    target[0] = first;
    target[1] = second;
    target[2] = third;
    target[3] = fourth;
    STEP;
  }
  for (; size >= 8; size -= 8, out += 8, in += 8) {
    *(word *)out = *(const word *)in;
    STEP;
  }
  for (; size > 0; size--) {
    *out++ = *in++;
    STEP;
  }
  return to;
}

void *memset(void *to, int value, size_t size) {
  char *out = to;
  const uint64_t eight = 0x0101010101010101u * (unsigned char)value;
  for (; size >= 8; size -= 8, out += 8) {
    *(word *)out = eight;
    STEP;
  }
  for (; size > 0; size--) {
    *out++ = (char)value;
    STEP;
  }
  return to;
}
