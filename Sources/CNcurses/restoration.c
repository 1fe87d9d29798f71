// Giving the terminal back: on fatal signals, on exit, around a stop.
//
// A signal handler may do next to nothing, so everything it writes is prepared beforehand; ncurses
// itself does this for INT, TERM and TSTP only, and not in a way that is safe.

#define _GNU_SOURCE
#define NCURSES_WIDECHAR 1
#include <curses.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <term.h>
#include <termios.h>
#include <unistd.h>

#include "internal.h"

volatile sig_atomic_t size_changed = 0;
volatile sig_atomic_t stopped = 0;
int wake_read = -1;

static int wake_write = -1;
static int tty_in = -1;
static int tty_out = -1;
static volatile sig_atomic_t armed = 0;
static volatile sig_atomic_t taken = 0;
static volatile sig_atomic_t mouse_on = 0;
static struct termios modes_before;
static struct termios modes_within;
static char leave_text[512];
static size_t leave_length = 0;
static char enter_text[512];
static size_t enter_length = 0;
static const char mouse_off[] = "\033[?1006l\033[?1003l\033[?1002l\033[?1000l";

// What is printed while the screen is up, and the real descriptors 1 and 2.
static int diverted = -1;
static int real_out = -1;
static int real_error = -1;

// The signals that end the process. Crashes are always caught, for they chain to whoever was there
// before; requests to end only where nobody else has a say in them.
// QUIT counts as a crash: Swift's runtime takes it, too, to print a backtrace.
static const int crashes[] = {SIGABRT, SIGSEGV, SIGILL, SIGTRAP, SIGFPE, SIGBUS, SIGSYS, SIGQUIT};
static const int requests[] = {SIGHUP, SIGINT, SIGTERM};
static struct sigaction before[65];
static bool caught[65];

static char alternate_stack[64 * 1024];

static void write_all(int descriptor, const char *text, size_t length) {
  size_t done = 0;
  while (done < length) {
    ssize_t count = write(descriptor, text + done, length - done);
    if (count > 0) {
      done += (size_t)count;
    } else if (count < 0 && errno == EAGAIN) {
      // A terminal that takes nothing must not keep a dying process.
      struct pollfd wait = {.fd = descriptor, .events = POLLOUT};
      if (poll(&wait, 1, 200) <= 0) return;
    } else if (!(count < 0 && errno == EINTR)) {
      return;
    }
  }
}

static void wake(void) {
  int saved = errno;
  if (wake_write >= 0) {
    ssize_t ignored = write(wake_write, "", 1);
    (void)ignored;
  }
  errno = saved;
}

// In the background a change of the modes would stop the process (SIGTTOU).
static bool in_foreground(void) {
  pid_t group = tcgetpgrp(tty_in);
  return group < 0 || group == getpgrp();
}

// Lets the real descriptors 1 and 2 come back and prints the end of what was kept aside.
static void undo_diversion(void) {
  if (diverted < 0) return;
  int file = diverted;
  diverted = -1;
  dup2(real_out, 1);
  dup2(real_error, 2);
  char buffer[4096];
  off_t size = lseek(file, 0, SEEK_END);
  off_t from = size > (off_t)sizeof buffer ? size - (off_t)sizeof buffer : 0;
  ssize_t count = pread(file, buffer, sizeof buffer, from);
  if (count > 0) write_all(2, buffer, (size_t)count);
}

static void leave(void) {
  if (!taken) return;
  taken = 0;
  if (mouse_on) write_all(tty_out, mouse_off, sizeof mouse_off - 1);
  write_all(tty_out, leave_text, leave_length);
  tcsetattr(tty_in, TCSANOW, &modes_before);
}

void restoration_emergency(void) {
  if (!armed) return;
  leave();
  undo_diversion();
}

// Whether the signal comes from an instruction that will fail again on return.
static bool is_fault(int signal, const siginfo_t *info) {
  bool repeats = signal == SIGSEGV || signal == SIGBUS || signal == SIGILL || signal == SIGFPE;
  return repeats && info != NULL && info->si_code > 0;
}

static void on_fatal(int signal, siginfo_t *info, void *context) {
  (void)context;
  // Changing modes from the background must not stop us half-way.
  struct sigaction ignore = {0};
  ignore.sa_handler = SIG_IGN;
  sigaction(SIGTTOU, &ignore, NULL);
  restoration_emergency();
  // Whoever was there before comes next, by default the end with this very signal: Swift's runtime
  // prints a backtrace. A fault happens again by itself, with its own address.
  sigaction(signal, &before[signal], NULL);
  if (is_fault(signal, info)) return;
  // What was sent does not: the other one is asked here, and after it comes the end, for the process
  // must not live on without its terminal.
  sigset_t only;
  sigemptyset(&only);
  sigaddset(&only, signal);
  pthread_sigmask(SIG_UNBLOCK, &only, NULL);
  raise(signal);
  struct sigaction standard = {0};
  standard.sa_handler = SIG_DFL;
  sigaction(signal, &standard, NULL);
  raise(signal);
}

static void on_size(int signal) {
  (void)signal;
  size_changed = 1;
  wake();
}

static void on_continue(int signal) {
  (void)signal;
  stopped = 1;
  wake();
}

// The process stands still in here until it's continued.
static void stand_still(int signal) {
  struct sigaction own;
  struct sigaction standard = {0};
  standard.sa_handler = SIG_DFL;
  sigaction(signal, &standard, &own);
  sigset_t only, blocked;
  sigemptyset(&only);
  sigaddset(&only, signal);
  raise(signal);
  // In a handler, and on most threads, it is blocked; unblocked it arrives here and now.
  pthread_sigmask(SIG_UNBLOCK, &only, &blocked);
  pthread_sigmask(SIG_SETMASK, &blocked, NULL);
  sigaction(signal, &own, NULL);
  wake();
}

static void on_stop(int signal) {
  int saved = errno;
  if (taken && in_foreground()) leave();
  taken = 0;
  stopped = 1;
  stand_still(signal);
  errno = saved;
}

void restoration_suspend(void) {
  // First of all: once the others have stopped, their shell owns the terminal.
  leave();
  stopped = 1;
  // The whole job, as the terminal would: a make or a shell script around us has to stop, too. What
  // this sends to us is dropped, for it would arrive some time; ours has to arrive now.
  struct sigaction own;
  struct sigaction ignore = {0};
  ignore.sa_handler = SIG_IGN;
  sigaction(SIGTSTP, &ignore, &own);
  kill(0, SIGTSTP);
  sigaction(SIGTSTP, &own, NULL);
  stand_still(SIGTSTP);
}

static void catch_action(int signal, struct sigaction action) {
  sigemptyset(&action.sa_mask);
  caught[signal] = sigaction(signal, &action, &before[signal]) == 0;
}

static void catch(int signal, void (*handler)(int), int flags) {
  catch_action(signal, (struct sigaction){.sa_handler = handler, .sa_flags = flags});
}

static void catch_fatal(int signal) {
  catch_action(
    signal, (struct sigaction){.sa_sigaction = on_fatal, .sa_flags = SA_ONSTACK | SA_SIGINFO});
}

static bool is_taken(int signal) {
  struct sigaction present;
  if (sigaction(signal, NULL, &present) != 0) return true;
  return (present.sa_flags & SA_SIGINFO) || present.sa_handler != SIG_DFL;
}

static void on_exit_restore(void) { restoration_emergency(); }

static void close_descriptor(int *descriptor) {
  if (*descriptor >= 0) close(*descriptor);
  *descriptor = -1;
}

static void start_diversion(void) {
  char name[] = "/tmp/rtl-output-XXXXXX";
  int file = mkostemp(name, O_CLOEXEC | O_APPEND);
  if (file < 0) return;
  unlink(name);
  real_out = fcntl(1, F_DUPFD_CLOEXEC, 3);
  real_error = fcntl(2, F_DUPFD_CLOEXEC, 3);
  if (real_out < 0 || real_error < 0) {
    close_descriptor(&real_out);
    close_descriptor(&real_error);
    close(file);
    return;
  }
  fflush(NULL);
  if (isatty(1)) dup2(file, 1);
  if (isatty(2)) dup2(file, 2);
  diverted = file;
}

bool restoration_arm(int input, int output, bool divert) {
  tty_in = input;
  tty_out = output;
  if (tcgetattr(input, &modes_before) != 0) return false;
  int ends[2];
  if (pipe2(ends, O_NONBLOCK | O_CLOEXEC) != 0) return false;
  wake_read = ends[0];
  wake_write = ends[1];
  size_changed = 0;
  stopped = 0;
  mouse_on = 0;
  leave_length = 0;
  enter_length = 0;

  stack_t stack = {.ss_sp = alternate_stack, .ss_size = sizeof alternate_stack};
  stack_t present;
  if (sigaltstack(NULL, &present) == 0 && (present.ss_flags & SS_DISABLE)) {
    sigaltstack(&stack, NULL);
  }
  for (size_t i = 0; i < sizeof crashes / sizeof *crashes; i++) {
    catch_fatal(crashes[i]);
  }
  for (size_t i = 0; i < sizeof requests / sizeof *requests; i++) {
    if (!is_taken(requests[i])) catch_fatal(requests[i]);
  }
  if (!is_taken(SIGTSTP)) catch(SIGTSTP, on_stop, SA_ONSTACK | SA_RESTART);
  if (!is_taken(SIGCONT)) catch(SIGCONT, on_continue, SA_ONSTACK | SA_RESTART);
  // Without SA_RESTART a loop that waits in poll() notices.
  catch(SIGWINCH, on_size, SA_ONSTACK);
  static bool registered = false;
  if (!registered) registered = atexit(on_exit_restore) == 0;
  if (divert) start_diversion();
  armed = 1;
  return true;
}

static char *target;
static size_t *target_length;

static int collect(int character) {
  if (*target_length < sizeof leave_text) target[(*target_length)++] = (char)character;
  return character;
}

static void add(const char *capability) {
  const char *text = tigetstr(capability);
  if (text != NULL && text != (char *)-1) tputs(text, 1, collect);
}

void restoration_prepare(void) {
  target = leave_text;
  target_length = &leave_length;
  add("rmkx");
  add("sgr0");
  add("op");
  add("cnorm");
  add("rmcup");
  target = enter_text;
  target_length = &enter_length;
  add("smcup");
  add("smkx");
  add("civis");
  tcgetattr(tty_in, &modes_within);
  taken = 1;
}

void restoration_note_mouse(bool on) { mouse_on = on; }

bool restoration_reenter(void) {
  if (!stopped || !armed || !in_foreground()) return false;
  stopped = 0;
  size_changed = 1;
  tcsetattr(tty_in, TCSANOW, &modes_within);
  write_all(tty_out, enter_text, enter_length);
  taken = 1;
  return true;
}

void restoration_disarm(void) {
  // ncurses' own farewell has been sent; the modes are put back once more, to be sure.
  taken = 0;
  tcsetattr(tty_in, TCSANOW, &modes_before);
  for (int signal = 1; signal < 65; signal++) {
    if (caught[signal]) sigaction(signal, &before[signal], NULL);
    caught[signal] = false;
  }
  int file = diverted;
  fflush(NULL);
  undo_diversion();
  armed = 0;
  close_descriptor(&file);
  close_descriptor(&real_out);
  close_descriptor(&real_error);
  close_descriptor(&wake_read);
  close_descriptor(&wake_write);
}
