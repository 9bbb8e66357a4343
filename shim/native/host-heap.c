/*
 * The engine's heap: one region of fixed size, so that it is bounded whatever comes. The program lives for milliseconds
 * or sits idle beside an app; what counts is that few pages are touched and that nothing is asked of the kernel.
 */
#include <string.h>
#include <sys/mman.h>

#include "host.h"

/* A sidecar's answer is cut at 256 KiB; parsed, it is far below this. What is not, fails as a probe fails. */
#define HEAP_BYTES (8u << 20)

/* What a start touches in any case, asked for at once: a page at a time costs a third of the start. */
#define FIRST_BYTES (640u << 10)

/*
 * Blocks from this size on have pages of their own, which go back to the kernel: in the region they would stay cut as they are, and
 * replies of ever other sizes would fill it.
 */
#define OWN_PAGES_BYTES (32u << 10)
static size_t own_pages_bytes;

/* In front of each block: the size of its payload, which is a class's, or ends with a page. */
typedef struct { size_t size; } header;
/* Two headers long, so that the payload behind it is at a multiple of 16. */
typedef struct pages { struct pages *next; header header; } pages;
static pages *all_pages;
typedef struct free_block { struct free_block *next; } free_block;

/* Classes: every 16 bytes up to 1 KiB, then four to each doubling. */
#define SMALL_CLASSES 64
static free_block *free_blocks[SMALL_CLASSES + 4 * 14];
static char *region, *next, *end;

/* The payload to give for a wish, and its class: payloads and headers together are multiples of 16. */
static unsigned class_of(size_t wish, size_t *payload) {
  size_t bytes = (wish + sizeof(header) + 15) & ~(size_t)15;
  if (bytes <= 16 * SMALL_CLASSES) {
    *payload = bytes - sizeof(header);
    return (unsigned)(bytes / 16) - 1;
  }
  unsigned doubling = 63 - (unsigned)__builtin_clzl(bytes - 1);
  size_t quarter = (size_t)1 << (doubling - 2), quarters = (bytes + quarter - 1) / quarter;
  *payload = quarters * quarter - sizeof(header);
  return SMALL_CLASSES + 4 * (doubling - 10) + (unsigned)quarters - 5;
}

static size_t whole_pages(size_t wish) { return (wish + 2 * sizeof(header) + 4095) & ~(size_t)4095; }

/* Of a wish: so that the payload of no class in the region reaches to where pages begin. */
static int wants_pages(size_t wish) { return wish > OWN_PAGES_BYTES - 32; }
static int has_pages(size_t payload) { return payload >= OWN_PAGES_BYTES; }

/* Where the list names the pages before this block. */
static pages **place_of(void *block) {
  pages **place = &all_pages;
  while (*place + 1 != block) place = &(*place)->next;
  return place;
}

static void *own_pages(void *before, size_t wish) {
  size_t bytes = whole_pages(wish), had = before ? whole_pages(((header *)before)[-1].size) : 0;
  if (own_pages_bytes - had + bytes > HEAP_BYTES) return NULL;
  pages **place = before ? place_of(before) : &all_pages, *others = before ? (*place)->next : all_pages;
  pages *made = before ? mremap(*place, had, bytes, MREMAP_MAYMOVE)
                       : mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (made == MAP_FAILED) return NULL;
  own_pages_bytes += bytes - had;
  *made = (pages){.next = others, .header.size = bytes - sizeof *made};
  *place = made;
  return made + 1;
}

static void free_pages(pages **place) {
  pages *freed = *place;
  size_t bytes = freed->header.size + sizeof *freed;
  *place = freed->next;
  own_pages_bytes -= bytes;
  munmap(freed, bytes);
}

static void *heap_malloc(void *opaque, size_t wish) {
  if (wish == 0 || wish > HEAP_BYTES) return NULL;
  if (wants_pages(wish)) return own_pages(NULL, wish);
  size_t payload;
  unsigned class = class_of(wish, &payload);
  free_block *reused = free_blocks[class];
  if (reused) {
    free_blocks[class] = reused->next;
    return reused;
  }
  if (payload + sizeof(header) > (size_t)(end - next)) return NULL;
  header *block = (header *)next;
  next += payload + sizeof(header);
  block->size = payload;
  return block + 1;
}

static size_t heap_usable_size(const void *block) { return block ? ((const header *)block)[-1].size : 0; }

static void heap_free(void *opaque, void *block) {
  if (!block) return;
  size_t payload = heap_usable_size(block);
  if (has_pages(payload)) return free_pages(place_of(block));
  /* The last block is given back to the region: a text that grows piece by piece stays in its place. */
  if ((char *)block + payload == next) {
    next = (char *)block - sizeof(header);
    return;
  }
  unsigned class = class_of(payload, &payload);
  ((free_block *)block)->next = free_blocks[class];
  free_blocks[class] = block;
}

static void *heap_calloc(void *opaque, size_t count, size_t size) {
  if (size && count > HEAP_BYTES / size) return NULL;
  void *block = heap_malloc(opaque, count * size);
  return block ? memset(block, 0, count * size) : NULL;
}

static void *heap_realloc(void *opaque, void *block, size_t wish) {
  size_t payload = heap_usable_size(block), wanted;
  if (wish == 0) {
    heap_free(opaque, block);
    return NULL;
  }
  if (block && has_pages(payload) && wants_pages(wish)) return wish > HEAP_BYTES ? NULL : own_pages(block, wish);
  if (block && wish <= payload) return block;
  if (block && !has_pages(payload) && !wants_pages(wish) && (char *)block + payload == next) {
    class_of(wish, &wanted);
    if (wanted > (size_t)(end - (char *)block)) return NULL;
    next = (char *)block + wanted;
    ((header *)block)[-1].size = wanted;
    return block;
  }
  void *moved = heap_malloc(opaque, wish);
  if (moved && block) {
    memcpy(moved, block, payload < wish ? payload : wish);
    heap_free(opaque, block);
  }
  return moved;
}

JSRuntime *create_runtime(void) {
  static const JSMallocFunctions heap = {heap_calloc, heap_malloc, heap_free, heap_realloc, heap_usable_size};
  const int access = PROT_READ | PROT_WRITE, kind = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
  /* Kept for the next engine, which could otherwise fail for want of addresses. */
  if (!region) {
    void *mapped = mmap(NULL, HEAP_BYTES, access, kind, -1, 0);
    if (mapped == MAP_FAILED) return NULL;
    region = mapped;
  }
  if (mmap(region, FIRST_BYTES, access, kind | MAP_FIXED | MAP_POPULATE, -1, 0) == MAP_FAILED) return NULL;
  /* A block begins 8 bytes off a multiple of 16, so that its payload is at one. */
  next = region + sizeof(header);
  end = region + HEAP_BYTES;
  return JS_NewRuntime2(&heap, NULL);
}

void drop_heap(void) {
  while (all_pages) free_pages(&all_pages);
  memset(free_blocks, 0, sizeof free_blocks);
  if (region) madvise(region, HEAP_BYTES, MADV_DONTNEED);
}
