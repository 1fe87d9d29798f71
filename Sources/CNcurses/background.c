// Asking the terminal for its background colour (OSC 11), so that a light one gets a light theme.
//
// The answer comes when it likes, or never: it is taken from among the keys, and nothing waits for it.

#define _GNU_SOURCE
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "internal.h"

// Over a slow line an answer takes its time; what comes later than this is no answer.
static const double patience = 3;
// So long the end waits for an answer that is on its way.
static const double last_patience = 0.15;

static bool is_asked = false;
static double asked_at = 0;

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

bool background_can_be_asked(const char *terminal) {
  if (terminal == NULL) return false;
  // tmux answers by itself, under the name of screen, too; screen does not.
  bool is_screen = strncmp(terminal, "screen", 6) == 0;
  if (is_screen) return getenv("TMUX") != NULL;
  // Those that answer, and their many descendants; a console or a terminal of glass is left in peace.
  static const char *const known[] = {
    "xterm", "tmux", "rxvt", "alacritty", "foot", "kitty", "konsole", "gnome", "vte", "wezterm",
    "iterm", "st-", "contour", "ghostty", "mlterm", "mintty", "rio",
  };
  for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
    if (strncmp(terminal, known[i], strlen(known[i])) == 0) return true;
  }
  return false;
}

void background_ask(FILE *output) {
  fputs("\033]11;?\033\\", output);
  fflush(output);
  is_asked = true;
  asked_at = now();
}

bool background_is_awaited(void) { return is_asked && now() - asked_at < patience; }

void background_answered(void) { is_asked = false; }

// One to four hexadecimal digits as a byte; moves on behind them. -1 for none.
static int channel(const char **text) {
  char *end;
  char digits[5] = {0};
  size_t count = strspn(*text, "0123456789abcdefABCDEF");
  if (count < 1 || count > 4) return -1;
  memcpy(digits, *text, count);
  unsigned long value = strtoul(digits, &end, 16);
  unsigned long most = (1ul << (4 * count)) - 1;
  *text += count;
  return (int)((value * 255 + most / 2) / most);
}

long background_color(const char *answer) {
  if (strncmp(answer, "11;", 3) != 0) return -1;
  const char *text = answer + 3;
  if (strncmp(text, "rgb:", 4) == 0) {
    text += 4;
  } else if (strncmp(text, "rgba:", 5) == 0) {
    text += 5;
  } else {
    return -1;
  }
  long color = 0;
  for (int i = 0; i < 3; i++) {
    if (i > 0 && *text++ != '/') return -1;
    int value = channel(&text);
    if (value < 0) return -1;
    color = color << 8 | value;
  }
  return color;
}

void background_await_last(int input) {
  if (!is_asked || now() - asked_at > 1) return;
  is_asked = false;
  struct pollfd state = {.fd = input, .events = POLLIN};
  if (poll(&state, 1, (int)(last_patience * 1000)) > 0) tcflush(input, TCIFLUSH);
}
