/* Signals: they stay with the kernel until JavaScript reads them. */
#include <signal.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "host.h"

/*
 * Masks are the kernel's 64 bits, and the calls are made directly: the C library hides three real-time signals from
 * its own. Held are all but those that report a fault of this very process, and those that nobody can hold.
 */
typedef uint64_t signal_mask;
#define BIT(number) ((signal_mask)1 << ((number)-1))
static const signal_mask never_held = BIT(SIGILL) | BIT(SIGTRAP) | BIT(SIGABRT) | BIT(SIGBUS) | BIT(SIGFPE) |
                                      BIT(SIGSEGV) | BIT(SIGSYS) | BIT(SIGKILL) | BIT(SIGSTOP);
static signal_mask held, inherited;
static int inherited_child_ignored;

static void set_mask(signal_mask mask, signal_mask *before) {
  syscall(SYS_rt_sigprocmask, SIG_SETMASK, &mask, before, sizeof mask);
}

/* The disposition alone, as the kernel has it: { handler, flags, restorer, mask }. */
static int is_ignored(int number) {
  struct { void (*handler)(int); unsigned long flags; void *restorer; signal_mask mask; } action = {0};
  return syscall(SYS_rt_sigaction, number, NULL, &action, sizeof(signal_mask)) == 0 && action.handler == SIG_IGN;
}

void hold_signals(void) {
  held = ~never_held;
  /* What the starter has ignored (nohup) stays ignored, here and in the program; but the end of a child must be told. */
  for (int number = 1; number <= 64; number++) {
    if (number != SIGCHLD && number != SIGPIPE && is_ignored(number)) held &= ~BIT(number);
  }
  inherited_child_ignored = is_ignored(SIGCHLD);
  if (inherited_child_ignored) signal(SIGCHLD, SIG_DFL);
  set_mask(held, &inherited);
}

void restore_signals(void) {
  if (inherited_child_ignored) signal(SIGCHLD, SIG_IGN);
  set_mask(inherited, NULL);
}

void hold_signals_again(void) { set_mask(held, NULL); }

static int descriptor_for(signal_mask mask) {
  return (int)syscall(SYS_signalfd4, -1, &mask, sizeof mask, SFD_NONBLOCK | SFD_CLOEXEC);
}

int child_signal_descriptor(void) { return descriptor_for(BIT(SIGCHLD)); }
int other_signal_descriptor(void) { return descriptor_for(held & ~BIT(SIGCHLD)); }

void take_signal(int descriptor) {
  struct signalfd_siginfo info;
  (void)read(descriptor, &info, sizeof info);
}

/* One for the life of the process: a full table of files must not be able to deafen it later. */
CALL(call_signal_descriptor) {
  static int descriptor = -1;
  if (descriptor < 0) descriptor = descriptor_for(held);
  return answer(ctx, descriptor);
}

/* readSignal(fd): [number, si_code, sender's pid], or -errno. */
CALL(call_read_signal) {
  struct signalfd_siginfo info;
  if (read(int_of(ctx, argv[0]), &info, sizeof info) != sizeof info) return answer(ctx, -1);
  JSValue list = JS_NewArray(ctx);
  JS_SetPropertyUint32(ctx, list, 0, JS_NewInt32(ctx, (int)info.ssi_signo));
  JS_SetPropertyUint32(ctx, list, 1, JS_NewInt32(ctx, info.ssi_code));
  return list;
}

const JSCFunctionListEntry signal_calls[] = {
    JS_CFUNC_DEF("signalDescriptor", 0, call_signal_descriptor),
    JS_CFUNC_DEF("readSignal", 1, call_read_signal),
};
const int signal_call_count = COUNT(signal_calls);
