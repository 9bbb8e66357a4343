/*
 * measure RUNS COMMAND...: runs a command some times, one after the other; prints one JSON array with wall and CPU
 * milliseconds, peak memory in KiB and the exit code of each run, as the system has counted them (wait4(2)). Node does
 * not show these of a child. A small program, since a child's peak counts what its parent had when it was made.
 */
#define _GNU_SOURCE
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

extern char **environ;

static double now_ms(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

static double ms_of(struct timeval time) { return (double)time.tv_sec * 1e3 + (double)time.tv_usec / 1e3; }

int main(int argc, char **argv) {
  int runs = argc > 2 ? atoi(argv[1]) : 0;
  for (int run = 0; run < runs; run++) {
    pid_t child;
    int status;
    struct rusage usage;
    double started = now_ms();
    if (posix_spawnp(&child, argv[2], NULL, NULL, argv + 2, environ) != 0) {
      perror(argv[2]);
      return 1;
    }
    if (wait4(child, &status, 0, &usage) < 0) return 1;
    printf("%s{\"wallMs\":%.3f,\"cpuMs\":%.3f,\"peakKiB\":%ld,\"exitCode\":%d}", run ? "," : "[", now_ms() - started,
           ms_of(usage.ru_utime) + ms_of(usage.ru_stime), usage.ru_maxrss,
           WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
    fflush(stdout);
  }
  puts(runs > 0 ? "]" : "[]");
  return 0;
}
