/*
 * The body of mesh-shim without Node: a JavaScript engine that knows no source text, and system calls. Whatever there
 * is to decide is decided in TypeScript; what is here does one call each and hands back what the system said.
 */
#include "host.h"

#include <fcntl.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "dtoa.h"

#define STACK_BYTES (256u << 10)
/* The run is short and makes little garbage: a collection of cycles at the usual 256 KiB would cost more than it frees. */
#define COLLECT_AT_BYTES (2u << 20)

static char **program_argv;
extern char **environ;

char *bytes_of(JSContext *ctx, JSValueConst text, size_t *length) {
  size_t size, used = 0;
  const char *utf8 = JS_ToCStringLen(ctx, &size, text);
  if (!utf8) return NULL;
  char *bytes = js_malloc(ctx, size + 1);
  for (size_t i = 0; bytes && i < size; i++) {
    unsigned char byte = utf8[i];
    /* Codes 128 to 255 are two bytes in UTF-8, led by C2 or C3; codes above (a text's, never a byte's) stay UTF-8. */
    if ((byte & 0xfe) == 0xc2) bytes[used++] = (char)((byte & 3) << 6 | (utf8[++i] & 0x3f));
    else bytes[used++] = (char)byte;
  }
  JS_FreeCString(ctx, utf8);
  if (!bytes) return NULL;
  bytes[used] = 0;
  if (length) *length = used;
  return bytes;
}

JSValue string_of(JSContext *ctx, const char *bytes, size_t length) {
  size_t high = 0;
  for (size_t i = 0; i < length; i++) high += (unsigned char)bytes[i] >> 7;
  if (high == 0) return JS_NewStringLen(ctx, bytes, length);
  char *utf8 = js_malloc(ctx, length + high);
  if (!utf8) return JS_EXCEPTION;
  size_t used = 0;
  for (size_t i = 0; i < length; i++) {
    unsigned char byte = bytes[i];
    if (byte >> 7) utf8[used++] = (char)(0xc0 | byte >> 6);
    utf8[used++] = (char)(byte >> 7 ? 0x80 | (byte & 0x3f) : byte);
  }
  JSValue text = JS_NewStringLen(ctx, utf8, used);
  js_free(ctx, utf8);
  return text;
}

/* The engine reads JSON's numbers with the C library's function, all else with its own: one of them is enough. */
double strtod(const char *text, char **end) {
  JSATODTempMem memory;
  return js_atod(text, (const char **)end, 10, 0, &memory);
}

int int_of(JSContext *ctx, JSValueConst value) {
  int32_t number = 0;
  JS_ToInt32(ctx, &number, value);
  return number;
}

/* The words that the shim itself may have to read; all behind them are COMMAND's, and stay where they are. */
CALL(call_args) {
  JSValue list = JS_NewArray(ctx);
  for (uint32_t i = 0; i < SEEN_WORDS && program_argv[i]; i++)
    JS_SetPropertyUint32(ctx, list, i, string_of(ctx, program_argv[i], strlen(program_argv[i])));
  return list;
}

char **unseen_words(void) {
  for (size_t i = 0; i < SEEN_WORDS; i++)
    if (!program_argv[i]) return program_argv + i;
  return program_argv + SEEN_WORDS;
}

/* env([begin, ...]): the entries that begin with one of these. Of an environment of megabytes a few are ever needed. */
CALL(call_env) {
  JSValue list = JS_NewArray(ctx);
  int64_t begins = 0;
  uint32_t count = 0;
  JS_GetLength(ctx, argv[0], &begins);
  for (uint32_t i = 0; i < begins; i++) {
    JSValue text = JS_GetPropertyUint32(ctx, argv[0], i);
    size_t length;
    char *begin = bytes_of(ctx, text, &length);
    JS_FreeValue(ctx, text);
    if (!begin) return JS_EXCEPTION;
    for (char **entry = environ; *entry; entry++)
      if (strncmp(*entry, begin, length) == 0)
        JS_SetPropertyUint32(ctx, list, count++, string_of(ctx, *entry, strlen(*entry)));
    js_free(ctx, begin);
  }
  return list;
}

double milliseconds(clockid_t clock) {
  struct timespec time;
  clock_gettime(clock, &time);
  return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

CALL(call_now) { return JS_NewFloat64(ctx, milliseconds(CLOCK_MONOTONIC)); }
CALL(call_wall_clock) { return JS_NewFloat64(ctx, milliseconds(CLOCK_REALTIME)); }

CALL(call_run_jobs) {
  JSContext *job;
  int ran;
  while ((ran = JS_ExecutePendingJob(JS_GetRuntime(ctx), &job)) > 0) {}
  return ran < 0 ? JS_EXCEPTION : JS_UNDEFINED;
}

CALL(call_exit) { _exit(int_of(ctx, argv[0])); }

static const JSCFunctionListEntry engine_calls[] = {
    JS_CFUNC_DEF("args", 0, call_args),          JS_CFUNC_DEF("env", 1, call_env),
    JS_CFUNC_DEF("now", 0, call_now),            JS_CFUNC_DEF("wallClock", 0, call_wall_clock),
    JS_CFUNC_DEF("runJobs", 0, call_run_jobs),   JS_CFUNC_DEF("exit", 1, call_exit),
};

static int fail(JSContext *ctx, const char *what) {
  const char *why = ctx ? JS_ToCString(ctx, JS_GetException(ctx)) : NULL;
  return report_failure(what, why ? why : "out of memory");
}

/* What the bundle uses, and no more: without the parser and the regular expressions they are not even linked. */
static JSContext *create_context(JSRuntime *runtime) {
  JSContext *ctx = JS_NewContextRaw(runtime);
  if (!ctx || JS_AddIntrinsicBaseObjects(ctx) || JS_AddIntrinsicJSON(ctx) || JS_AddIntrinsicMapSet(ctx) ||
      JS_AddIntrinsicPromise(ctx))
    return NULL;
  return ctx;
}

/* Or the first socket would be where the log is written. */
static void open_missing_descriptors(void) {
  for (int fd = 0; fd <= 2; fd++)
    if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", O_RDWR) < 0) return;
}

/* Until the bundle wants to rest: 0; or the exit code for what has gone wrong. */
static int run_engine(void) {
  JSRuntime *runtime = create_runtime();
  if (!runtime) return fail(NULL, "start");
  JS_SetMaxStackSize(runtime, STACK_BYTES);
  JS_SetGCThreshold(runtime, COLLECT_AT_BYTES);
  JSContext *ctx = create_context(runtime);
  if (!ctx) return fail(NULL, "start");

  JSValue global = JS_GetGlobalObject(ctx), calls = JS_NewObject(ctx);
  JS_SetPropertyFunctionList(ctx, calls, engine_calls, COUNT(engine_calls));
  JS_SetPropertyFunctionList(ctx, calls, chunk_calls, chunk_call_count);
  JS_SetPropertyFunctionList(ctx, calls, network_calls, network_call_count);
  JS_SetPropertyFunctionList(ctx, calls, look_calls, look_call_count);
  JS_SetPropertyFunctionList(ctx, calls, poll_calls, poll_call_count);
  JS_SetPropertyFunctionList(ctx, calls, process_calls, process_call_count);
  JS_SetPropertyFunctionList(ctx, calls, signal_calls, signal_call_count);
  JS_SetPropertyFunctionList(ctx, calls, file_calls, file_call_count);
  JS_SetPropertyFunctionList(ctx, calls, rest_calls, rest_call_count);
  JS_SetPropertyStr(ctx, calls, "rested", kept_text(ctx));
  JS_SetPropertyStr(ctx, global, "system", calls);

  if (JS_IsException(run_start(ctx))) return fail(ctx, "run");
  return rest_is_wanted() ? 0 : fail(ctx, "the event loop has ended");
}

int main(int argc, char **argv) {
  hold_signals();
  open_missing_descriptors();
  program_argv = argv;
  for (;;) rest_or_exit(run_engine());
}
