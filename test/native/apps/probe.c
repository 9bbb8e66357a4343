/* A static app for tests in roots that hold nothing else: tells what it was started with, or plays a part. */
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static void print_hex(const char *label, const char *bytes) {
  printf("%s ", label);
  for (; *bytes; bytes++) printf("%02x", (unsigned char)*bytes);
  printf("\n");
}

static void nap(void) { nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL); }

/* Everything that a program inherits through exec. */
static int report(int argc, char **argv) {
  uint64_t mask = 0, ignored = 0;
  syscall(SYS_rt_sigprocmask, SIG_SETMASK, NULL, &mask, sizeof mask);
  for (int number = 1; number <= 64; number++) {
    struct { void (*handler)(int); unsigned long flags; void *restorer; uint64_t mask; } action = {0};
    if (syscall(SYS_rt_sigaction, number, NULL, &action, 8) == 0 && action.handler == SIG_IGN)
      ignored |= (uint64_t)1 << (number - 1);
  }
  printf("pid %d\nuid %d\nmask %llx\nignored %llx\n", getpid(), getuid(), (unsigned long long)mask,
         (unsigned long long)ignored);
  for (int i = 0; i < argc; i++) print_hex("arg", argv[i]);
  for (char **entry = environ; *entry; entry++) print_hex("env", *entry);
  for (int fd = 3; fd < 64; fd++)
    if (dup2(fd, fd) >= 0) printf("open %d\n", fd);
  return 0;
}

/* Leaves a grandchild behind, and looks whether somebody reaps it. */
static int orphan(void) {
  int ids[2];
  pid_t grandchild = 0;
  if (pipe(ids) < 0) return 2;
  pid_t child = fork();
  if (child == 0) {
    if (fork() == 0) {
      pid_t self = getpid();
      if (write(ids[1], &self, sizeof self) < 0) _exit(2);
      nap();
      _exit(0);
    }
    _exit(0);
  }
  waitpid(child, NULL, 0);
  if (read(ids[0], &grandchild, sizeof grandchild) != sizeof grandchild) return 2;
  for (int naps = 0; naps < 600; naps++) {
    if (kill(grandchild, 0) < 0 && errno == ESRCH) return 0;
    nap();
  }
  return 9;
}

static void tell(int number) {
  char line[16];
  int length = snprintf(line, sizeof line, "got %d\n", number);
  if (write(1, line, (size_t)length) < 0) _exit(2);
  if (number == SIGTERM) _exit(7);
}

/* Tells of each signal; ends with 7 at SIGTERM. */
static int listen_to_signals(void) {
  for (int number = 1; number <= SIGRTMAX; number++) signal(number, tell);
  printf("listening\n");
  fflush(stdout);
  for (;;) pause();
}

/* The kernel itself permits this to anybody: only a filter refuses it. */
static int unshare_folder(void) {
  int failed = unshare(CLONE_FS);
  printf("unshare: %s\n", !failed ? "done" : errno == EPERM ? "EPERM" : strerror(errno));
  return 0;
}

int main(int argc, char **argv) {
  setvbuf(stdout, NULL, _IOLBF, 0);
  const char *part = argc > 1 ? argv[1] : "report";
  if (strcmp(part, "orphan") == 0) return orphan();
  if (strcmp(part, "listen") == 0) return listen_to_signals();
  if (strcmp(part, "unshare") == 0) return unshare_folder();
  if (strcmp(part, "die") == 0) return raise(SIGKILL);
  return report(argc, argv);
}
