/*
 * bare-wake TIMES PAUSE_MS...: sleeps so many times so long, and does nothing else: what waking up costs on this machine, which no
 * cadence can go below.
 */
#define _GNU_SOURCE
#include <poll.h>
#include <stdlib.h>
#include <time.h>

int main(int argc, char **argv) {
  for (int i = 1; i + 1 < argc; i += 2) {
    struct timespec pause = {.tv_nsec = atol(argv[i + 1]) * 1000000};
    for (int times = atoi(argv[i]); times > 0; times--) ppoll(NULL, 0, &pause, NULL);
  }
  return 0;
}
