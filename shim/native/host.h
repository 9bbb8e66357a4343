/* What the files of the host share: bytes and numbers across the border to JavaScript. */
#pragma once
#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

#include "quickjs.h"

extern const JSCFunctionListEntry network_calls[], look_calls[], poll_calls[], process_calls[], signal_calls[],
    file_calls[], rest_calls[], chunk_calls[];
extern const int network_call_count, look_call_count, poll_call_count, process_call_count, signal_call_count,
    file_call_count, rest_call_count,
    chunk_call_count;

/* Blocks the signals that can be handed on, from the first moment: until then PID 1 loses what arrives. */
void hold_signals(void);
void hold_signals_again(void);
/* As the starter had them, for the program. */
void restore_signals(void);
/* What is readable when a child has ended, stopped or gone on; and when another signal has come. -1: it cannot be had. */
int child_signal_descriptor(void);
int other_signal_descriptor(void);
/* Takes one signal, if one is there. */
void take_signal(int descriptor);

/* The engine with a heap that is bounded; NULL when memory is short. */
JSRuntime *create_runtime(void);
/* All that it has asked for, at once; what it has made is gone. */
void drop_heap(void);

/* Once the engine has ended with this code, or with 0 to rest: comes back when it is to be started again, or exits. */
void rest_or_exit(int code);
/* What the bundle left for itself before a rest, or undefined. */
JSValue kept_text(JSContext *ctx);
/* Whether it was asked to rest. */
int rest_is_wanted(void);
/* Says that the engine cannot go on; answers the exit code for it. */
int report_failure(const char *what, const char *why);

/* Runs the script: comes back with an exception, or when the script wants to rest. */
JSValue run_start(JSContext *ctx);

/* A byte string of JavaScript (one character per byte) as bytes with a NUL behind them, to be freed with js_free; NULL with
   an exception when memory is short. */
char *bytes_of(JSContext *ctx, JSValueConst text, size_t *length);
JSValue string_of(JSContext *ctx, const char *bytes, size_t length);

/* So many words of the command line JavaScript sees; `unseen_words` are those behind them. */
#define SEEN_WORDS 4096
char **unseen_words(void);

double milliseconds(clockid_t clock);

/* When the next look is due, by the monotonic clock; negative where there is nobody to look at. */
double next_look_ms(void);
/* Looks, at this time; the place of the first in the list that does not refuse connections, or -1. */
int look(double now_ms);

/* Reads a numeric address; its size, 0 for a name. */
socklen_t numeric_address(const char *host, int port, struct sockaddr_storage *address);

int int_of(JSContext *ctx, JSValueConst value);

/* Calls answer what the system answers: a number, negative for an error (-errno). */
static inline JSValue answer(JSContext *ctx, int result) {
  return JS_NewInt32(ctx, result < 0 ? -errno : result);
}

#define CALL(name) static JSValue name(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
#define COUNT(list) ((int)(sizeof(list) / sizeof((list)[0])))
