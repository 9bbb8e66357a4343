/*
 * Looks whether ports of this machine still refuse connections. A refused one costs the kernel two packets; to ask it for a socket
 * there by sock_diag(7), as ss(8) does, costs a fifth of that.
 */
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "host.h"

/* How often "no socket there" is not believed, although the kernel has shown that it knows: a connection costs four times as much. */
#define DOUBT 64

/* Whose sockets never get a connection, so that one try is one call. */
static struct { struct sockaddr_storage address; socklen_t size; int fd; } looked_at[16];
static int look_count, diag_fd = -1;
static unsigned looks;
static double look_every_ms, look_at_ms;

/* Whether the kernel says that no socket is there for who connects. The answer comes with the question, or not at all. */
static int is_nobody(const struct sockaddr_storage *address) {
  struct { struct nlmsghdr head; struct inet_diag_req_v2 body; } question = {
      .head = {.nlmsg_len = sizeof question, .nlmsg_type = SOCK_DIAG_BY_FAMILY, .nlmsg_flags = NLM_F_REQUEST},
      .body = {.sdiag_family = (uint8_t)address->ss_family, .sdiag_protocol = IPPROTO_TCP, .idiag_states = ~0u},
  };
  struct { struct nlmsghdr head; struct nlmsgerr body; char rest[512]; } answer;
  struct inet_diag_sockid *id = &question.body.id;
  const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)address;
  const struct sockaddr_in *four = (const struct sockaddr_in *)address;
  if (address->ss_family == AF_INET6) memcpy(id->idiag_src, &six->sin6_addr, sizeof six->sin6_addr);
  else memcpy(id->idiag_src, &four->sin_addr, sizeof four->sin_addr);
  id->idiag_sport = four->sin_port;
  id->idiag_cookie[0] = id->idiag_cookie[1] = INET_DIAG_NOCOOKIE;
  if (send(diag_fd, &question, sizeof question, 0) < 0) return 0;
  ssize_t size = recv(diag_fd, &answer, sizeof answer, 0);
  if (size < (ssize_t)(sizeof answer.head + sizeof answer.body)) return 0;
  return answer.head.nlmsg_type == NLMSG_ERROR && answer.body.error == -ENOENT;
}

/* A kernel without that part says of each that it is not there: asked for one that is, it shows what its word is worth. */
static int knows_sockets(void) {
  struct sockaddr_storage address = {0};
  socklen_t size = numeric_address("127.0.0.1", 0, &address);
  int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  int knows = listener >= 0 && bind(listener, (struct sockaddr *)&address, size) == 0 && listen(listener, 1) == 0 &&
              getsockname(listener, (struct sockaddr *)&address, &size) == 0 && !is_nobody(&address);
  if (listener >= 0) close(listener);
  return knows;
}

/* look([host, port, ...], everyMs): from now on these are looked at; of none nobody is. */
CALL(call_look) {
  int64_t length = 0;
  while (look_count > 0)
    if (looked_at[--look_count].fd >= 0) close(looked_at[look_count].fd);
  JS_GetLength(ctx, argv[0], &length);
  JS_ToFloat64(ctx, &look_every_ms, argv[1]);
  look_at_ms = milliseconds(CLOCK_MONOTONIC) + look_every_ms;
  for (uint32_t i = 0; i + 1 < length && look_count < COUNT(looked_at); i += 2) {
    JSValue text = JS_GetPropertyUint32(ctx, argv[0], i);
    char *host = bytes_of(ctx, text, NULL);
    JS_FreeValue(ctx, text);
    if (!host) return JS_EXCEPTION;
    int port = int_of(ctx, JS_GetPropertyUint32(ctx, argv[0], i + 1));
    looked_at[look_count].size = numeric_address(host, port, &looked_at[look_count].address);
    looked_at[look_count++].fd = -1;
    js_free(ctx, host);
  }
  /* Once: it is called again and again in one wait. */
  static int has_asked;
  if (has_asked || look_count == 0) return JS_UNDEFINED;
  has_asked = 1;
  diag_fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_SOCK_DIAG);
  if (diag_fd >= 0 && !knows_sockets()) {
    close(diag_fd);
    diag_fd = -1;
  }
  return JS_UNDEFINED;
}

/* Whether a connection is not refused: it stands, or hangs, or nobody knows. */
static int is_open(int i) {
  int fd = looked_at[i].fd;
  if (fd < 0) {
    /* On this machine the answer comes at once; should it not, this ends the call. */
    const struct timeval limit = {.tv_usec = 1000};
    fd = looked_at[i].fd = socket(looked_at[i].address.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return errno != EAFNOSUPPORT;
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  }
  if (connect(fd, (struct sockaddr *)&looked_at[i].address, looked_at[i].size) == 0) return 1;
  return errno != ECONNREFUSED && errno != EADDRNOTAVAIL && errno != ENETUNREACH && errno != EHOSTUNREACH;
}

double next_look_ms(void) { return look_count > 0 ? look_at_ms : -1; }

int look(double now_ms) {
  look_at_ms = now_ms + look_every_ms;
  looks++;
  for (int i = 0; i < look_count; i++)
    if ((looks % DOUBT == 0 || diag_fd < 0 || !is_nobody(&looked_at[i].address)) && is_open(i)) return i;
  return -1;
}

const JSCFunctionListEntry look_calls[] = {JS_CFUNC_DEF("look", 2, call_look)};
const int look_call_count = COUNT(look_calls);
