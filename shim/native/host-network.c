/* Sockets that never block. */
#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
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

/* The general way is for those that are rare, for it asks the kernel for memory of its own. */
socklen_t numeric_address(const char *host, int port, struct sockaddr_storage *address) {
  struct sockaddr_in *four = (struct sockaddr_in *)address;
  struct sockaddr_in6 *six = (struct sockaddr_in6 *)address;
  memset(address, 0, sizeof *address);
  if (inet_pton(AF_INET, host, &four->sin_addr) == 1) address->ss_family = AF_INET;
  else if (inet_pton(AF_INET6, host, &six->sin6_addr) == 1) address->ss_family = AF_INET6;
  else {
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICHOST}, *found = NULL;
    if (getaddrinfo(host, NULL, &hints, &found) != 0) return 0;
    memcpy(address, found->ai_addr, found->ai_addrlen);
    freeaddrinfo(found);
  }
  in_port_t number = htons((uint16_t)port);
  if (address->ss_family == AF_INET6) six->sin6_port = number;
  else four->sin_port = number;
  return address->ss_family == AF_INET6 ? sizeof *six : sizeof *four;
}

static int start_tcp(const char *host, int port) {
  struct sockaddr_storage address;
  socklen_t size = numeric_address(host, port, &address);
  if (size > 0) return start_connection((struct sockaddr *)&address, size);
  errno = EINVAL;
  return -1;
}

/* connectTcp(numericAddress, port): the descriptor; -EINVAL where it is a name. */
CALL(call_connect_tcp) {
  char *host = bytes_of(ctx, argv[0], NULL);
  if (!host) return JS_EXCEPTION;
  JSValue result = answer(ctx, start_tcp(host, int_of(ctx, argv[1])));
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

const JSCFunctionListEntry network_calls[] = {
    JS_CFUNC_DEF("connectTcp", 2, call_connect_tcp),     JS_CFUNC_DEF("connectUnix", 1, call_connect_unix),
    JS_CFUNC_DEF("connectError", 1, call_connect_error), JS_CFUNC_DEF("send", 2, call_send),
};
const int network_call_count = COUNT(network_calls);
