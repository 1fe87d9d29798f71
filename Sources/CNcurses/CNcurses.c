#define _GNU_SOURCE
#define NCURSES_WIDECHAR 1
#include "CNcurses.h"

#include <curses.h>
#include <langinfo.h>
#include <fcntl.h>
#include <locale.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <term.h>
#include <unistd.h>
#include <wchar.h>

#include "internal.h"

static SCREEN *screen = NULL;
static FILE *input_file = NULL;
static FILE *output_file = NULL;
// Keys are read through a pad: reading from a window would draw it first.
static WINDOW *keys = NULL;
static bool has_colors_started = false;
static bool has_default_colors = false;
static bool was_interrupted = false;
static bool mouse_is_on = false;
static bool cursor_is_shown = false;

bool ncurses_is_utf8(void) {
  // Only the characters: numbers keep their point.
  setlocale(LC_CTYPE, "");
  return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

static int check_terminal(int output) {
  const char *name = getenv("TERM");
  if (name == NULL || *name == 0) return NCURSES_UNKNOWN_TERMINAL;
  int error = 0;
  if (setupterm(name, output, &error) != OK) return NCURSES_UNKNOWN_TERMINAL;
  const char *place = tigetstr("cup");
  bool can = place != NULL && place != (char *)-1;
  del_curterm(cur_term);
  return can ? NCURSES_OK : NCURSES_NO_CURSOR_ADDRESSING;
}

static void close_files(void) {
  if (input_file) fclose(input_file);
  if (output_file) fclose(output_file);
  input_file = NULL;
  output_file = NULL;
}

int ncurses_open(int input, int output, bool divert) {
  if (screen) return NCURSES_ALREADY_OPEN;
  if (!isatty(input) || !isatty(output)) return NCURSES_NOT_A_TERMINAL;
  ncurses_is_utf8();
  int reason = check_terminal(output);
  if (reason != NCURSES_OK) return reason;
  // Descriptors of our own: 1 and 2 may be sent elsewhere while the screen is up. No program that is
  // started meanwhile inherits the terminal by them.
  int own_input = fcntl(input, F_DUPFD_CLOEXEC, 3);
  int own_output = fcntl(output, F_DUPFD_CLOEXEC, 3);
  input_file = own_input >= 0 ? fdopen(own_input, "r") : NULL;
  output_file = own_output >= 0 ? fdopen(own_output, "w") : NULL;
  if (!input_file || !output_file) {
    close_files();
    return NCURSES_NOT_A_TERMINAL;
  }
  // Before newterm: ncurses leaves signals alone that are taken.
  if (!restoration_arm(own_input, own_output, divert)) {
    close_files();
    return NCURSES_NOT_A_TERMINAL;
  }
  screen = newterm(NULL, output_file, input_file);
  if (!screen) {
    restoration_disarm();
    close_files();
    return NCURSES_UNKNOWN_TERMINAL;
  }
  // Until it has come back from shell mode once, ncurses writes after each movement of the cursor; from
  // then on a frame is one write, and wakes whoever reads the terminal once.
  endwin();
  // A key that waits does not cut a frame short; ncurses need not look for one in every line.
  typeahead(-1);
  raw();
  noecho();
  nonl();
  set_escdelay(25);
  curs_set(0);
  leaveok(stdscr, FALSE);
  scrollok(stdscr, FALSE);
  keys = newpad(1, 1);
  keypad(keys, TRUE);
  nodelay(keys, TRUE);
  // The modes and the keypad take effect with the first refresh.
  wnoutrefresh(stdscr);
  doupdate();
  wget_wch(keys, &(wint_t){0});
  restoration_prepare();
  has_colors_started = false;
  was_interrupted = false;
  mouse_is_on = false;
  cursor_is_shown = false;
  return NCURSES_OK;
}

void ncurses_close(void) {
  if (!screen) return;
  ncurses_set_mouse(false);
  if (!stopped) {
    background_await_last(fileno(input_file));
    curs_set(1);
    endwin();
  }
  fflush(output_file);
  restoration_disarm();
  delwin(keys);
  delscreen(screen);
  screen = NULL;
  keys = NULL;
  close_files();
}

int ncurses_color_count(void) { return screen ? tigetnum("colors") : -1; }

void ncurses_start_colors(void) {
  if (!screen || has_colors_started || !has_colors()) return;
  start_color();
  has_default_colors = use_default_colors() == OK;
  has_colors_started = true;
}

int ncurses_rows(void) { return screen ? getmaxy(stdscr) : 0; }
int ncurses_columns(void) { return screen ? getmaxx(stdscr) : 0; }

static int pair_of(int foreground, int background) {
  if (!has_colors_started || (foreground < 0 && background < 0)) return 0;
  if (!has_default_colors) {
    if (foreground < 0) foreground = COLOR_WHITE;
    if (background < 0) background = COLOR_BLACK;
  }
  static int last_foreground, last_background, last_pair;
  if (last_pair > 0 && foreground == last_foreground && background == last_background) {
    return last_pair;
  }
  // Finds the pair or makes it; with too many, the one unused for longest goes.
  int pair = alloc_pair(foreground, background);
  if (pair < 0) return 0;
  last_foreground = foreground;
  last_background = background;
  last_pair = pair;
  return pair;
}

void ncurses_put(
  int row, int column, const uint32_t *scalars, int count, int width, int foreground,
  int background, unsigned attributes
) {
  if (!screen || count <= 0) return;
  wchar_t text[CCHARW_MAX + 1];
  int length = 0;
  for (int i = 0; i < count && length < CCHARW_MAX; i++) {
    int wanted = i == 0 ? width : 0;
    if (wcwidth((wchar_t)scalars[i]) == wanted) {
      text[length++] = (wchar_t)scalars[i];
    } else if (i == 0) {
      break;
    }
  }
  attr_t shown = A_NORMAL;
  if (attributes & NCURSES_BOLD) shown |= A_BOLD;
  if (attributes & NCURSES_DIM) shown |= A_DIM;
  if (attributes & NCURSES_UNDERLINE) shown |= A_UNDERLINE;
  if (attributes & NCURSES_REVERSE) shown |= A_REVERSE;
  int repeat = 1;
  if (length == 0) {
    text[length++] = L'?';
    repeat = width;
  }
  text[length] = 0;
  int pair = pair_of(foreground, background);
  cchar_t cell;
  // The pair by pointer: the plain argument holds no more than 15 bits, the attributes 8.
  if (setcchar(&cell, text, shown, 0, &pair) != OK) return;
  for (int i = 0; i < repeat; i++) mvwadd_wch(stdscr, row, column + i, &cell);
}

void ncurses_place_cursor(int row, int column) {
  if (!screen) return;
  bool wanted = row >= 0;
  if (wanted) wmove(stdscr, row, column);
  if (wanted != cursor_is_shown && !stopped) {
    curs_set(wanted ? 1 : 0);
    cursor_is_shown = wanted;
  }
}

static void reenter(void) {
  if (!screen || !stopped || !restoration_reenter()) return;
  was_interrupted = true;
  clearok(curscr, TRUE);
  // It was taken again with a hidden cursor, as ncurses must know to show it.
  curs_set(0);
  cursor_is_shown = false;
  if (mouse_is_on) {
    ncurses_set_mouse(false);
    ncurses_set_mouse(true);
  }
}

void ncurses_show(bool everything) {
  if (!screen) return;
  reenter();
  if (stopped) return;
  if (everything) clearok(curscr, TRUE);
  wnoutrefresh(stdscr);
  doupdate();
}

bool ncurses_was_interrupted(void) {
  bool result = was_interrupted;
  was_interrupted = false;
  return result;
}

int ncurses_wake_descriptor(void) { return screen ? wake_read : -1; }

void ncurses_set_mouse(bool on) {
  if (!screen) return;
  mouse_is_on = on;
  mouseinterval(0);
  mousemask(on ? BUTTON1_PRESSED | BUTTON4_PRESSED | BUTTON5_PRESSED : 0, NULL);
  restoration_note_mouse(on);
  fflush(output_file);
}

void ncurses_ask_background(void) {
  if (!screen || stopped || !background_can_be_asked(getenv("TERM"))) return;
  background_ask(output_file);
}

void ncurses_ring(void) {
  if (screen && !stopped) beep();
}

void ncurses_suspend(void) {
  if (screen) restoration_suspend();
}

// The terminal's size by its own word; ncurses is told where it differs.
static bool adopt_size(void) {
  struct winsize size;
  size_changed = 0;
  if (ioctl(fileno(output_file), TIOCGWINSZ, &size) != 0) return false;
  if (size.ws_row == 0 || size.ws_col == 0) return false;
  if (size.ws_row == getmaxy(stdscr) && size.ws_col == getmaxx(stdscr)) return false;
  resize_term(size.ws_row, size.ws_col);
  clearok(curscr, TRUE);
  return true;
}

static bool is_closed(void) {
  struct pollfd state = {.fd = fileno(input_file), .events = POLLIN};
  if (poll(&state, 1, 0) <= 0) return false;
  if (state.revents & (POLLERR | POLLNVAL)) return true;
  int waiting = 0;
  bool empty = ioctl(state.fd, FIONREAD, &waiting) != 0 || waiting == 0;
  return empty && (state.revents & (POLLHUP | POLLIN));
}

static struct ncurses_key special(wint_t code) {
  struct ncurses_key key = {0};
  if (code >= KEY_F(1) && code <= KEY_F(63)) {
    key.kind = NCURSES_FUNCTION;
    key.value = code - KEY_F0;
    return key;
  }
  switch (code) {
    case KEY_UP: key.kind = NCURSES_UP; break;
    case KEY_DOWN: key.kind = NCURSES_DOWN; break;
    case KEY_LEFT: key.kind = NCURSES_LEFT; break;
    case KEY_RIGHT: key.kind = NCURSES_RIGHT; break;
    case KEY_HOME: case KEY_A1: key.kind = NCURSES_HOME; break;
    case KEY_END: case KEY_C1: key.kind = NCURSES_END; break;
    case KEY_PPAGE: case KEY_A3: key.kind = NCURSES_PAGE_UP; break;
    case KEY_NPAGE: case KEY_C3: key.kind = NCURSES_PAGE_DOWN; break;
    case KEY_IC: key.kind = NCURSES_INSERT; break;
    case KEY_DC: key.kind = NCURSES_DELETE; break;
    case KEY_BACKSPACE: key.kind = NCURSES_BACKSPACE; break;
    case KEY_ENTER: key.kind = NCURSES_ENTER; break;
    case KEY_BTAB: key.kind = NCURSES_BACKTAB; break;
    case KEY_RESIZE: key.kind = NCURSES_RESIZED; break;
    case KEY_MOUSE: {
      MEVENT event;
      if (getmouse(&event) != OK) break;
      key.x = event.x;
      key.y = event.y;
      if (event.bstate & BUTTON1_PRESSED) key.kind = NCURSES_MOUSE_PRESS;
      if (event.bstate & BUTTON4_PRESSED) key.kind = NCURSES_MOUSE_WHEEL_UP;
      if (event.bstate & BUTTON5_PRESSED) key.kind = NCURSES_MOUSE_WHEEL_DOWN;
      break;
    }
    default: break;
  }
  return key;
}

// The next part of what the terminal says; while an answer is awaited, a part that is still on its way
// is waited for, for a moment.
static int next_part(wint_t *part) {
  int status = wget_wch(keys, part);
  if (status == OK || status == KEY_CODE_YES || !background_is_awaited()) return status;
  struct pollfd state = {.fd = fileno(input_file), .events = POLLIN};
  return poll(&state, 1, 40) > 0 ? wget_wch(keys, part) : status;
}

// After Escape and `]`: the answer to a question, up to a bell or Escape and a backslash; Alt and `]`
// where nothing follows.
static struct ncurses_key after_bracket(void) {
  struct ncurses_key key = {.kind = NCURSES_ALT_CHARACTER, .value = ']'};
  char answer[64];
  size_t length = 0;
  wint_t part;
  int status = next_part(&part);
  if (status != OK) return key;
  if (part < '0' || part > '9') {
    unget_wch((wchar_t)part);
    return key;
  }
  key.kind = NCURSES_NOTHING;
  while (status == OK && part != 7 && part != 0x9c && part != 27) {
    if (length < sizeof answer - 1) answer[length++] = part < 0x80 ? (char)part : '?';
    status = next_part(&part);
  }
  if (status == OK && part == 27) next_part(&part);
  answer[length] = 0;
  long color = background_color(answer);
  if (color < 0) return key;
  background_answered();
  key.kind = NCURSES_BACKGROUND;
  key.value = (uint32_t)color;
  return key;
}

// After an Escape: nothing more, Alt and a character, or a sequence that ncurses doesn't know, which
// is swallowed to its end so that its letters are not taken for commands.
static struct ncurses_key after_escape(void) {
  struct ncurses_key key = {.kind = NCURSES_ESCAPE};
  wint_t next;
  if (next_part(&next) != OK) return key;
  if (next == ']') return after_bracket();
  if (next == 27) {
    unget_wch(27);
    return key;
  }
  if (next == '[' || next == 'O') {
    wint_t part;
    int status = wget_wch(keys, &part);
    if (status == OK) {
      while (status == OK && !(part >= 0x40 && part <= 0x7E)) status = wget_wch(keys, &part);
      key.kind = NCURSES_NOTHING;
      return key;
    }
  }
  key.kind = NCURSES_ALT_CHARACTER;
  key.value = next;
  return key;
}

static struct ncurses_key read_key(bool *again) {
  struct ncurses_key key = {0};
  wint_t code;
  *again = true;
  int status = wget_wch(keys, &code);
  if (status == ERR) {
    *again = false;
    return key;
  }
  if (status == KEY_CODE_YES) return special(code);
  switch (code) {
    case 8: case 127: key.kind = NCURSES_BACKSPACE; break;
    case 9: key.kind = NCURSES_TAB; break;
    case 10: case 13: key.kind = NCURSES_ENTER; break;
    case 27: return after_escape();
    default:
      key.kind = NCURSES_CHARACTER;
      key.value = code;
  }
  return key;
}

struct ncurses_key ncurses_read(void) {
  struct ncurses_key key = {0};
  if (!screen) return key;
  char drained[64];
  while (read(wake_read, drained, sizeof drained) > 0) {}
  reenter();
  if (stopped) return key;
  adopt_size_first:
  if (size_changed) {
    bool other = adopt_size();
    if (other || was_interrupted) {
      key.kind = NCURSES_RESIZED;
      return key;
    }
  }
  // Keys that mean nothing are passed over, so that nothing means the end of what was typed.
  bool again = true;
  while (again) {
    key = read_key(&again);
    if (key.kind != NCURSES_NOTHING) return key;
    if (size_changed) goto adopt_size_first;
  }
  if (is_closed()) key.kind = NCURSES_CLOSED;
  return key;
}
