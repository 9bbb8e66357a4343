/* Files and descriptors. */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "host.h"

/* open(path, flags, mode) */
CALL(call_open) {
  char *path = bytes_of(ctx, argv[0], NULL);
  if (!path) return JS_EXCEPTION;
  int fd = open(path, int_of(ctx, argv[1]) | O_CLOEXEC, int_of(ctx, argv[2]));
  JSValue result = answer(ctx, fd);
  js_free(ctx, path);
  return result;
}

/* read(fd): what there is, at most 8 KiB; empty at the end; -errno. */
CALL(call_read) {
  static char buffer[8 << 10];
  ssize_t size = read(int_of(ctx, argv[0]), buffer, sizeof buffer);
  return size < 0 ? answer(ctx, -1) : string_of(ctx, buffer, (size_t)size);
}

/* write(fd, bytes): how many were taken. A closed pipe is an error and no more: its SIGPIPE is taken off again. */
CALL(call_write) {
  size_t length;
  char *bytes = bytes_of(ctx, argv[1], &length);
  if (!bytes) return JS_EXCEPTION;
  ssize_t written = write(int_of(ctx, argv[0]), bytes, length);
  JSValue result = answer(ctx, (int)written);
  if (written < 0 && errno == EPIPE) {
    sigset_t pipe_signal;
    sigemptyset(&pipe_signal);
    sigaddset(&pipe_signal, SIGPIPE);
    sigtimedwait(&pipe_signal, NULL, &(struct timespec){0});
  }
  js_free(ctx, bytes);
  return result;
}

CALL(call_close) { return answer(ctx, close(int_of(ctx, argv[0]))); }
CALL(call_fsync) { return answer(ctx, fsync(int_of(ctx, argv[0]))); }
CALL(call_fchmod) { return answer(ctx, fchmod(int_of(ctx, argv[0]), (mode_t)int_of(ctx, argv[1]))); }
CALL(call_isatty) { return JS_NewBool(ctx, isatty(int_of(ctx, argv[0]))); }

/* mode(path): the file's type and permissions. */
CALL(call_mode) {
  struct stat status;
  char *path = bytes_of(ctx, argv[0], NULL);
  if (!path) return JS_EXCEPTION;
  JSValue result = stat(path, &status) < 0 ? answer(ctx, -1) : JS_NewInt32(ctx, (int)status.st_mode);
  js_free(ctx, path);
  return result;
}

CALL(call_can_execute) {
  char *path = bytes_of(ctx, argv[0], NULL);
  if (!path) return JS_EXCEPTION;
  JSValue result = answer(ctx, faccessat(AT_FDCWD, path, X_OK, AT_EACCESS));
  js_free(ctx, path);
  return result;
}

CALL(call_rename) {
  char *from = bytes_of(ctx, argv[0], NULL), *to = bytes_of(ctx, argv[1], NULL);
  JSValue result = from && to ? answer(ctx, rename(from, to)) : JS_EXCEPTION;
  js_free(ctx, from);
  js_free(ctx, to);
  return result;
}

CALL(call_unlink) {
  char *path = bytes_of(ctx, argv[0], NULL);
  if (!path) return JS_EXCEPTION;
  JSValue result = answer(ctx, unlink(path));
  js_free(ctx, path);
  return result;
}

/* executable(): where this program lies; as it was started, in case there is no /proc. */
CALL(call_executable) {
  char path[4096];
  ssize_t length = readlink("/proc/self/exe", path, sizeof path);
  if (length > 0 && length < (ssize_t)sizeof path) return string_of(ctx, path, (size_t)length);
  const char *started_as = (const char *)getauxval(AT_EXECFN);
  return string_of(ctx, started_as, strlen(started_as));
}

const JSCFunctionListEntry file_calls[] = {
    JS_CFUNC_DEF("open", 3, call_open),     JS_CFUNC_DEF("read", 1, call_read),
    JS_CFUNC_DEF("write", 2, call_write),   JS_CFUNC_DEF("close", 1, call_close),
    JS_CFUNC_DEF("fsync", 1, call_fsync),   JS_CFUNC_DEF("fchmod", 2, call_fchmod),
    JS_CFUNC_DEF("isatty", 1, call_isatty), JS_CFUNC_DEF("mode", 1, call_mode),
    JS_CFUNC_DEF("canExecute", 1, call_can_execute), JS_CFUNC_DEF("rename", 2, call_rename),
    JS_CFUNC_DEF("unlink", 1, call_unlink), JS_CFUNC_DEF("executable", 0, call_executable),
};
const int file_call_count = COUNT(file_calls);
