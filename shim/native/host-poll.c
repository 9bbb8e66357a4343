/* Waits for descriptors, and looks at ports while it waits: half of what a look costs is to wake up JavaScript for it. */
#include <poll.h>
#include <time.h>

#include "host.h"

/* Below each -errno. */
#define PORT_OPEN (-1000)

static int poll_for(struct pollfd *watched, nfds_t count, double timeout_ms) {
  struct timespec timeout = {.tv_sec = (time_t)(timeout_ms / 1e3)};
  timeout.tv_nsec = (long)((timeout_ms - (double)timeout.tv_sec * 1e3) * 1e6);
  return ppoll(watched, count, timeout_ms < 0 ? NULL : &timeout, NULL);
}

/* ppoll, with looks in between; how many have events, or which port is open. */
static int poll_and_look(struct pollfd *watched, nfds_t count, double timeout_ms) {
  if (next_look_ms() < 0 || timeout_ms == 0) return poll_for(watched, count, timeout_ms);
  for (double now = milliseconds(CLOCK_MONOTONIC), end = timeout_ms < 0 ? 1e15 : now + timeout_ms;;) {
    double until = next_look_ms() < end ? next_look_ms() : end;
    int came = poll_for(watched, count, until > now ? until - now : 0);
    if (came != 0 || until == end) return came;
    now = milliseconds(CLOCK_MONOTONIC);
    int open_port = look(now);
    if (open_port >= 0) return PORT_OPEN - open_port;
  }
}

/*
 * poll([fd, events, came, ...], timeoutMs): how many have events, which are written into the list; or -1000 less the
 * place of a port that was looked at and is open.
 */
CALL(call_poll) {
  /* As many as there are; of what is usual the stack has room. */
  struct pollfd few[64], *watched = few;
  int64_t length = 0;
  double timeout_ms = -1;
  JS_GetLength(ctx, argv[0], &length);
  JS_ToFloat64(ctx, &timeout_ms, argv[1]);
  nfds_t count = (nfds_t)length / 3;
  if (count > COUNT(few) && !(watched = js_malloc(ctx, count * sizeof *watched))) return JS_EXCEPTION;
  for (nfds_t i = 0; i < count; i++) {
    watched[i].fd = int_of(ctx, JS_GetPropertyUint32(ctx, argv[0], (uint32_t)i * 3));
    watched[i].events = (short)int_of(ctx, JS_GetPropertyUint32(ctx, argv[0], (uint32_t)i * 3 + 1));
    watched[i].revents = 0;
  }
  int came = poll_and_look(watched, count, timeout_ms);
  for (nfds_t i = 0; came > 0 && i < count; i++)
    JS_SetPropertyUint32(ctx, argv[0], (uint32_t)i * 3 + 2, JS_NewInt32(ctx, watched[i].revents));
  JSValue result = came <= PORT_OPEN ? JS_NewInt32(ctx, came) : answer(ctx, came);
  if (watched != few) js_free(ctx, watched);
  return result;
}

const JSCFunctionListEntry poll_calls[] = {JS_CFUNC_DEF("poll", 2, call_poll)};
const int poll_call_count = COUNT(poll_calls);
