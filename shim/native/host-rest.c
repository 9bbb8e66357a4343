/*
 * Between two runs of the engine: asleep beside the app, perhaps for weeks, with a tenth of the memory. Nothing is decided here and no
 * signal is taken: what comes stays with the kernel until the engine, started again, reads it. Only the ends of orphans, about
 * which there is nothing to decide, do not wake it.
 */
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "host.h"

/* As deep as the engine's stack may get, and less than the gap that the kernel keeps free below it. */
#define USED_STACK_BYTES (512ul << 10)

/* An engine that cannot be started, for want of memory, is tried again this often, and so many times after the app's end. */
#define RETRY_MS 250
#define LAST_TRIES 20

/* What the bundle wants to be told when it is started again; nothing before the first rest. */
static char kept[4096];
static size_t kept_length;
/* Beside whom it sleeps. */
static pid_t app;
static int wants_rest, failed;
/* Signals of which nothing is known here, and those of children. */
static struct pollfd awaited[] = {{.events = POLLIN}, {.events = POLLIN}};

static void stop_awaiting(void) {
  for (int i = 0; i < COUNT(awaited); i++) close(awaited[i].fd);
}

/* Whether the app has ended or stopped; it stays as it is for the engine. -1: it is no child of ours any more. */
static int app_has_changed(int changes) {
  siginfo_t info = {0};
  if (waitid(P_PID, (id_t)app, &info, changes | WNOHANG | WNOWAIT) < 0) return -1;
  return info.si_pid != 0;
}

/*
 * rest(pid, text): 0, and the rest begins once the bundle has come to its end; or -errno where the text is too long, or the system
 * refuses what a rest needs.
 */
CALL(call_rest) {
  size_t length;
  char *text = bytes_of(ctx, argv[1], &length);
  if (!text) return JS_EXCEPTION;
  app = int_of(ctx, argv[0]);
  awaited[0].fd = other_signal_descriptor();
  awaited[1].fd = child_signal_descriptor();
  wants_rest = awaited[0].fd >= 0 && awaited[1].fd >= 0 && app_has_changed(WEXITED) >= 0;
  if (length > sizeof kept) errno = E2BIG, wants_rest = 0;
  JSValue result = answer(ctx, wants_rest - 1);
  if (wants_rest) memcpy(kept, text, kept_length = length);
  else stop_awaiting();
  js_free(ctx, text);
  return result;
}

JSValue kept_text(JSContext *ctx) { return kept_length ? string_of(ctx, kept, kept_length) : JS_UNDEFINED; }

/*
 * The code and the tables of the engine, which the file has, and the stack below this call. What is needed comes back when it is
 * touched.
 */
static void give_pages_back(void) {
  extern const char __ehdr_start[], etext[];
  const size_t page = getauxval(AT_PAGESZ);
  char *code = (char *)__ehdr_start, *stack = (char *)((size_t)__builtin_frame_address(0) & -page) - page;
  /* Whole pages only: in the last one may be variables. */
  madvise(code, (size_t)(etext - code) & -page, MADV_DONTNEED);
  madvise(stack - USED_STACK_BYTES, USED_STACK_BYTES, MADV_DONTNEED);
}

/* Takes the ends of others off the list of processes; whether the app's is there. */
static int reap_orphans(void) {
  for (;;) {
    siginfo_t info = {0};
    if (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) < 0) return 1;
    if (info.si_pid == 0) return app_has_changed(WSTOPPED);
    if (info.si_pid == app) return 1;
    waitpid(info.si_pid, NULL, 0);
  }
}

static void sleep_beside_app(void) {
  /* The report of a child's end is taken before the look at them: who ends after it reports anew. */
  do {
    awaited[0].revents = 0;
    take_signal(awaited[1].fd);
  } while (!reap_orphans() && (ppoll(awaited, COUNT(awaited), NULL, NULL) >= 0 || errno == EINTR) && !awaited[0].revents);
  stop_awaiting();
}

/* Until the engine can be tried again; or ends with the app's own exit code, since it could not be. */
static void outlast_failure(int code) {
  static int tries;
  reap_orphans();
  int ended = app_has_changed(WEXITED), status;
  if (ended < 0) _exit(code);
  if (ended && ++tries > LAST_TRIES && waitpid(app, &status, 0) == app)
    _exit(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
  nanosleep(&(struct timespec){.tv_nsec = RETRY_MS * 1000000}, NULL);
}

int rest_is_wanted(void) { return wants_rest; }

int report_failure(const char *what, const char *why) {
  static const char first[] = "internal error, please report it";
  static const char again[] = "cannot go on beside the app, trying again until after its end";
  if (!failed) dprintf(2, "mesh-shim: %s: %s: %s\n", kept_length ? again : first, what, why);
  return 70;
}

void rest_or_exit(int code) {
  if (kept_length == 0) _exit(code);
  drop_heap();
  wants_rest = 0;
  failed = code != 0;
  if (failed) return outlast_failure(code);
  give_pages_back();
  sleep_beside_app();
}

const JSCFunctionListEntry rest_calls[] = {JS_CFUNC_DEF("rest", 2, call_rest)};
const int rest_call_count = COUNT(rest_calls);
