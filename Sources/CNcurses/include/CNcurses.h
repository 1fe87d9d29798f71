// A few plain functions in place of ncurses' macros, variadics and `WINDOW *`.
// This header must not include <ncurses.h>: its macros would reach every importer.
//
// One screen at a time. All functions but the signal handlers behind them belong to one thread.
#pragma once

#include <stdbool.h>
#include <stdint.h>

/// Why a screen could not be opened.
enum {
  NCURSES_OK = 0,
  /// Input or output is no terminal.
  NCURSES_NOT_A_TERMINAL = 1,
  /// TERM is not set or not known.
  NCURSES_UNKNOWN_TERMINAL = 2,
  /// The terminal cannot place its cursor (no `cup` capability), as with TERM=dumb.
  NCURSES_NO_CURSOR_ADDRESSING = 3,
  /// There is an open screen already.
  NCURSES_ALREADY_OPEN = 4,
};

/// Attributes of a cell.
enum {
  NCURSES_BOLD = 1,
  NCURSES_DIM = 2,
  NCURSES_UNDERLINE = 4,
  NCURSES_REVERSE = 8,
};

/// What `ncurses_read` found.
enum {
  NCURSES_NOTHING = 0,
  NCURSES_CHARACTER,
  NCURSES_ALT_CHARACTER,
  NCURSES_UP,
  NCURSES_DOWN,
  NCURSES_LEFT,
  NCURSES_RIGHT,
  NCURSES_HOME,
  NCURSES_END,
  NCURSES_PAGE_UP,
  NCURSES_PAGE_DOWN,
  NCURSES_INSERT,
  NCURSES_DELETE,
  NCURSES_BACKSPACE,
  NCURSES_ENTER,
  NCURSES_ESCAPE,
  NCURSES_TAB,
  NCURSES_BACKTAB,
  NCURSES_FUNCTION,
  NCURSES_MOUSE_PRESS,
  NCURSES_MOUSE_WHEEL_UP,
  NCURSES_MOUSE_WHEEL_DOWN,
  NCURSES_RESIZED,
  NCURSES_CLOSED,
  /// The terminal has told its background: `value` is 0xRRGGBB.
  NCURSES_BACKGROUND,
};

/// A key: its kind, the scalar or function number, and the place of the mouse.
struct ncurses_key {
  int kind;
  uint32_t value;
  int x;
  int y;
};

/// Takes the terminal of two descriptors: alternate screen, raw keys, no echo; prepares and arms its
/// restoration on fatal signals, on exit and around a stop. With `divert`, what the process prints on
/// standard output and error meanwhile is kept aside and comes out after the restoration.
/// Gives back one of the reasons above.
int ncurses_open(int input, int output, bool divert);

/// Gives the terminal back; without an open screen it does nothing.
void ncurses_close(void);

/// Whether characters beyond ASCII may be written in this locale; good before opening, too.
bool ncurses_is_utf8(void);

/// The colours the terminal says it has; -1 for none.
int ncurses_color_count(void);

/// Starts colours; without it all cells are in the terminal's own.
void ncurses_start_colors(void);

/// Rows of the screen.
int ncurses_rows(void);

/// Columns of the screen.
int ncurses_columns(void);

/// Puts one character, a base with its combining marks, `width` columns wide. Colours are 0…255 or -1
/// for the terminal's own. What this machine cannot show with that width becomes `?`.
void ncurses_put(
  int row, int column, const uint32_t *scalars, int count, int width, int foreground,
  int background, unsigned attributes);

/// Shows the cursor at a place, or hides it with a negative row.
void ncurses_place_cursor(int row, int column);

/// Writes what has changed since the last time; with `everything`, all of it. Nothing in the
/// background.
void ncurses_show(bool everything);

/// The next key without waiting.
struct ncurses_key ncurses_read(void);

/// Switches mouse reports on or off.
void ncurses_set_mouse(bool on);

/// Asks the terminal for its background colour, if it is of a kind that understands the question. The
/// answer, if there is one, comes among the keys; nothing waits for it.
void ncurses_ask_background(void);

/// Rings the bell, or flashes where there is none.
void ncurses_ring(void);

/// Stops the process and its job as Ctrl-Z does, with the terminal given back meanwhile.
void ncurses_suspend(void);

/// A descriptor that becomes readable when the size changes or the process goes on after a stop;
/// `ncurses_read` empties it. -1 without an open screen.
int ncurses_wake_descriptor(void);

/// Whether the screen must be drawn anew because the process was stopped; asking clears it.
bool ncurses_was_interrupted(void);
