/* Sockets that never block, and poll. */
#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "host.h"

static int start_connection(const struct sockaddr *address, socklen_t size) {
  int fd = socket(address->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), on = 1;
  if (fd < 0) return -1;
  if (address->sa_family != AF_UNIX) setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (connect(fd, address, size) == 0 || errno == EINPROGRESS) return fd;
  int why = errno;
  close(fd);
  errno = why;
  return -1;
}

/* A numeric address; the general way is for those that are rare, for it asks the kernel for memory of its own. */
static int start_tcp(const char *host, in_port_t port) {
  struct sockaddr_in four = {.sin_family = AF_INET, .sin_port = port};
  if (inet_pton(AF_INET, host, &four.sin_addr) == 1) return start_connection((struct sockaddr *)&four, sizeof four);
  struct sockaddr_in6 six = {.sin6_family = AF_INET6, .sin6_port = port};
  if (inet_pton(AF_INET6, host, &six.sin6_addr) == 1) return start_connection((struct sockaddr *)&six, sizeof six);
  struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICHOST}, *found = NULL;
  if (getaddrinfo(host, NULL, &hints, &found) != 0) {
    errno = EINVAL;
    return -1;
  }
  if (found->ai_family == AF_INET6) ((struct sockaddr_in6 *)found->ai_addr)->sin6_port = port;
  else ((struct sockaddr_in *)found->ai_addr)->sin_port = port;
  int fd = start_connection(found->ai_addr, found->ai_addrlen), why = errno;
  freeaddrinfo(found);
  errno = why;
  return fd;
}

/* connectTcp(numericAddress, port): the descriptor; -EINVAL where it is a name. */
CALL(call_connect_tcp) {
  char *host = bytes_of(ctx, argv[0], NULL);
  if (!host) return JS_EXCEPTION;
  JSValue result = answer(ctx, start_tcp(host, htons((uint16_t)int_of(ctx, argv[1]))));
  js_free(ctx, host);
  return result;
}

CALL(call_connect_unix) {
  size_t length;
  char *path = bytes_of(ctx, argv[0], &length);
  if (!path) return JS_EXCEPTION;
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  int fd = -1;
  errno = ENAMETOOLONG;
  if (length < sizeof address.sun_path) {
    memcpy(address.sun_path, path, length);
    /* An abstract name ends where its length says; a path, with the NUL behind it. */
    size_t size = offsetof(struct sockaddr_un, sun_path) + length + (length > 0 && path[0] != 0);
    fd = start_connection((struct sockaddr *)&address, (socklen_t)size);
  }
  JSValue result = answer(ctx, fd);
  js_free(ctx, path);
  return result;
}

/* connectError(fd): how the connection attempt ended: 0 or -errno. */
CALL(call_connect_error) {
  int error = 0;
  socklen_t size = sizeof error;
  if (getsockopt(int_of(ctx, argv[0]), SOL_SOCKET, SO_ERROR, &error, &size) < 0) error = errno;
  return JS_NewInt32(ctx, -error);
}

CALL(call_send) {
  size_t length;
  char *bytes = bytes_of(ctx, argv[1], &length);
  if (!bytes) return JS_EXCEPTION;
  ssize_t sent = send(int_of(ctx, argv[0]), bytes, length, MSG_NOSIGNAL | MSG_DONTWAIT);
  JSValue result = answer(ctx, (int)sent);
  js_free(ctx, bytes);
  return result;
}

/* poll([fd, events, came, ...], timeoutMs): how many have events, which are written into the list. */
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
  struct timespec timeout = {.tv_sec = (time_t)(timeout_ms / 1e3)};
  timeout.tv_nsec = (long)((timeout_ms - (double)timeout.tv_sec * 1e3) * 1e6);
  int came = ppoll(watched, count, timeout_ms < 0 ? NULL : &timeout, NULL);
  for (nfds_t i = 0; came > 0 && i < count; i++)
    JS_SetPropertyUint32(ctx, argv[0], (uint32_t)i * 3 + 2, JS_NewInt32(ctx, watched[i].revents));
  JSValue result = answer(ctx, came);
  if (watched != few) js_free(ctx, watched);
  return result;
}

const JSCFunctionListEntry network_calls[] = {
    JS_CFUNC_DEF("connectTcp", 2, call_connect_tcp),     JS_CFUNC_DEF("connectUnix", 1, call_connect_unix),
    JS_CFUNC_DEF("connectError", 1, call_connect_error), JS_CFUNC_DEF("send", 2, call_send),
    JS_CFUNC_DEF("poll", 2, call_poll),
};
const int network_call_count = COUNT(network_calls);
