/* Processes. */
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <arpa/inet.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include "host.h"

static void free_words(JSContext *ctx, char **texts, int64_t count) {
  for (int64_t i = 0; texts && i < count && texts[i]; i++) js_free(ctx, texts[i]);
  js_free(ctx, texts);
}

/* COMMAND's argv: the list's words, of which there are `length`, and behind them those that the shim has not seen. */
static char **words_from(JSContext *ctx, JSValueConst list, int64_t *length_of) {
  int64_t length = 0;
  JS_GetLength(ctx, list, &length);
  *length_of = length;
  char **unseen = unseen_words();
  size_t more = 0;
  while (unseen[more]) more++;
  char **texts = js_mallocz(ctx, ((size_t)length + more + 1) * sizeof *texts);
  if (texts) memcpy(texts + length, unseen, more * sizeof *texts);
  for (int64_t i = 0; texts && i < length; i++) {
    JSValue text = JS_GetPropertyInt64(ctx, list, i);
    texts[i] = bytes_of(ctx, text, NULL);
    JS_FreeValue(ctx, text);
    if (!texts[i]) {
      free_words(ctx, texts, i);
      return NULL;
    }
  }
  return texts;
}

/* exec(path, argv): comes back only with -errno. */
CALL(call_exec) {
  int64_t length;
  char *path = bytes_of(ctx, argv[0], NULL), **words = words_from(ctx, argv[1], &length);
  if (!path || !words) return JS_EXCEPTION;
  restore_signals();
  execve(path, words, environ);
  JSValue result = answer(ctx, -1);
  hold_signals_again();
  js_free(ctx, path);
  free_words(ctx, words, length);
  return result;
}

/* In the child: becomes the program, or tells why not. */
static _Noreturn void run_child(const char *path, char **words, int own_group, int terminal, int death, pid_t parent,
                                int report) {
  if (death) prctl(PR_SET_PDEATHSIG, death);
  /* The parent has died before the kernel knew whom to tell. */
  if (death && getppid() != parent) _exit(128 + death);
  if (own_group) setpgid(0, 0);
  /* SIGTTOU is held here, so that taking the terminal does not stop the taker. */
  if (terminal >= 0) tcsetpgrp(terminal, getpgrp());
  restore_signals();
  execve(path, words, environ);
  int why = errno;
  if (write(report, &why, sizeof why) < 0) _exit(126);
  _exit(127);
}

/*
 * spawn(path, argv, ownGroup, terminal, parentDeath): the child's pid, or -errno of its execve; terminal -1: leave it alone;
 * parentDeath 0: nothing happens to it when this process dies.
 */
CALL(call_spawn) {
  int64_t length;
  char *path = bytes_of(ctx, argv[0], NULL), **words = words_from(ctx, argv[1], &length);
  if (!path || !words) return JS_EXCEPTION;
  int own_group = int_of(ctx, argv[2]), terminal = int_of(ctx, argv[3]), death = int_of(ctx, argv[4]);
  int report[2], why = 0;
  pid_t child = -1, parent = getpid();
  if (pipe2(report, O_CLOEXEC) == 0) {
    child = fork();
    if (child == 0) run_child(path, words, own_group, terminal, death, parent, report[1]);
    why = child < 0 ? errno : 0;
    close(report[1]);
    /* Parent and child both do it, so that it is done whichever of them runs first. */
    if (child > 0 && own_group) setpgid(child, child);
    if (child > 0 && read(report[0], &why, sizeof why) == sizeof why) waitpid(child, NULL, 0);
    close(report[0]);
  } else why = errno;
  js_free(ctx, path);
  free_words(ctx, words, length);
  return JS_NewInt32(ctx, why ? -why : child);
}

/* wait(pid): [pid, status] of a child that has ended or stopped, 0 where there is none, or -errno; -1: any. */
CALL(call_wait) {
  int status = 0;
  pid_t pid = waitpid(int_of(ctx, argv[0]), &status, WNOHANG | WUNTRACED);
  if (pid <= 0) return answer(ctx, pid);
  JSValue list = JS_NewArray(ctx);
  JS_SetPropertyUint32(ctx, list, 0, JS_NewInt32(ctx, pid));
  JS_SetPropertyUint32(ctx, list, 1, JS_NewInt32(ctx, status));
  return list;
}

/* resolve(name): [pid, fd] of a child that writes the name's addresses, a line each, and ends. */
CALL(call_resolve) {
  char *name = bytes_of(ctx, argv[0], NULL);
  if (!name) return JS_EXCEPTION;
  int lines[2];
  if (pipe2(lines, O_CLOEXEC | O_NONBLOCK) < 0) {
    js_free(ctx, name);
    return answer(ctx, -1);
  }
  pid_t child = fork();
  if (child == 0) {
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *found = NULL;
    restore_signals();
    if (getaddrinfo(name, NULL, &hints, &found) == 0) {
      for (; found; found = found->ai_next) {
        char line[INET6_ADDRSTRLEN + 1];
        const void *address = found->ai_family == AF_INET6
                                  ? (const void *)&((struct sockaddr_in6 *)found->ai_addr)->sin6_addr
                                  : (const void *)&((struct sockaddr_in *)found->ai_addr)->sin_addr;
        if (!inet_ntop(found->ai_family, address, line, INET6_ADDRSTRLEN)) continue;
        strcat(line, "\n");
        if (write(lines[1], line, strlen(line)) < 0) break;
      }
    }
    _exit(0);
  }
  int why = errno;
  js_free(ctx, name);
  close(lines[1]);
  if (child < 0) {
    close(lines[0]);
    return JS_NewInt32(ctx, -why);
  }
  JSValue list = JS_NewArray(ctx);
  JS_SetPropertyUint32(ctx, list, 0, JS_NewInt32(ctx, child));
  JS_SetPropertyUint32(ctx, list, 1, JS_NewInt32(ctx, lines[0]));
  return list;
}

/* discard(pid): ends a helper child and takes it off the list of processes. */
CALL(call_discard) {
  int child = int_of(ctx, argv[0]);
  kill(child, SIGKILL);
  return answer(ctx, waitpid(child, NULL, 0));
}

CALL(call_kill) { return answer(ctx, kill(int_of(ctx, argv[0]), int_of(ctx, argv[1]))); }
CALL(call_pid) { return JS_NewInt32(ctx, getpid()); }
CALL(call_group) { return JS_NewInt32(ctx, getpgrp()); }
CALL(call_session) { return answer(ctx, getsid(0)); }
CALL(call_foreground) { return answer(ctx, tcgetpgrp(int_of(ctx, argv[0]))); }
CALL(call_set_foreground) { return answer(ctx, tcsetpgrp(int_of(ctx, argv[0]), int_of(ctx, argv[1]))); }
CALL(call_become_subreaper) { return answer(ctx, prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)); }

CALL(call_hostname) {
  struct utsname names;
  if (uname(&names) < 0) return answer(ctx, -1);
  return string_of(ctx, names.nodename, strlen(names.nodename));
}

const JSCFunctionListEntry process_calls[] = {
    JS_CFUNC_DEF("exec", 2, call_exec),
    JS_CFUNC_DEF("spawn", 5, call_spawn),
    JS_CFUNC_DEF("wait", 1, call_wait),
    JS_CFUNC_DEF("resolve", 1, call_resolve),
    JS_CFUNC_DEF("discard", 1, call_discard),
    JS_CFUNC_DEF("kill", 2, call_kill),
    JS_CFUNC_DEF("pid", 0, call_pid),
    JS_CFUNC_DEF("group", 0, call_group),
    JS_CFUNC_DEF("session", 0, call_session),
    JS_CFUNC_DEF("foreground", 1, call_foreground),
    JS_CFUNC_DEF("setForeground", 2, call_set_foreground),
    JS_CFUNC_DEF("becomeSubreaper", 0, call_become_subreaper),
    JS_CFUNC_DEF("hostname", 0, call_hostname),
};
const int process_call_count = COUNT(process_calls);
