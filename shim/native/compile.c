/* Compiles a script to the bytecode of this very engine: compile SCRIPT BYTECODE. Runs at build time only. */
#include <stdio.h>
#include <stdlib.h>

#include "quickjs.h"

static char *read_all(const char *path, size_t *size) {
  FILE *file = fopen(path, "rb");
  if (!file || fseek(file, 0, SEEK_END) != 0) return NULL;
  *size = (size_t)ftell(file);
  rewind(file);
  char *text = calloc(1, *size + 1);
  if (!text || fread(text, 1, *size, file) != *size) return NULL;
  fclose(file);
  return text;
}

int main(int argc, char **argv) {
  size_t size = 0;
  char *script = argc == 3 ? read_all(argv[1], &size) : NULL;
  if (!script) {
    fprintf(stderr, "usage: compile SCRIPT BYTECODE\n");
    return 64;
  }
  JSContext *ctx = JS_NewContext(JS_NewRuntime());
  JSValue compiled = JS_Eval(ctx, script, size, "mesh-shim.js", JS_EVAL_TYPE_GLOBAL | JS_EVAL_FLAG_COMPILE_ONLY);
  if (JS_IsException(compiled)) {
    fprintf(stderr, "%s: %s\n", argv[1], JS_ToCString(ctx, JS_GetException(ctx)));
    return 1;
  }
  size_t length = 0;
  /* Nobody reads a trace of the stack there, and the source text is a third of the whole. */
  const int flags = JS_WRITE_OBJ_BYTECODE | JS_WRITE_OBJ_STRIP_SOURCE | JS_WRITE_OBJ_STRIP_DEBUG;
  uint8_t *bytes = JS_WriteObject(ctx, &length, compiled, flags);
  FILE *out = bytes ? fopen(argv[2], "wb") : NULL;
  if (!out || fwrite(bytes, 1, length, out) != length || fclose(out) != 0) {
    perror(argv[2]);
    return 1;
  }
  return 0;
}
