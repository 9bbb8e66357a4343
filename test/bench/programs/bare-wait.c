/*
 * bare-wait PORT TIMES PAUSE_MS: asks for /ready over one kept connection, so many times and so far apart, and looks at
 * nothing: the least that a wait by polling can cost on this machine.
 */
#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv) {
  static const char request[] = "GET /ready HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: bare-wait\r\nAccept: */*\r\n\r\n";
  static char reply[8192];
  if (argc != 4) return 64;
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((in_port_t)atoi(argv[1]))};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  if (connect(fd, (struct sockaddr *)&address, sizeof address) < 0) {
    perror("connect");
    return 1;
  }
  for (int times = atoi(argv[2]); times > 0; times--) {
    struct pollfd watched = {.fd = fd, .events = POLLIN};
    if (send(fd, request, strlen(request), MSG_NOSIGNAL) < 0 || poll(&watched, 1, -1) < 0) return 1;
    if (read(fd, reply, sizeof reply) <= 0) return 1;
    poll(NULL, 0, atoi(argv[3]));
  }
  return 0;
}
