// What the files of this target share.
#pragma once

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/// Prepares what gives the terminal back and takes it again; arms the signals. Before `newterm`.
bool restoration_arm(int input, int output, bool divert);
/// Notes what terminfo says is needed, once the terminal is known. After `newterm`.
void restoration_prepare(void);
/// Gives the terminal back by writes and `tcsetattr` alone; safe in a signal handler.
void restoration_emergency(void);
/// Gives signals and diverted output back.
void restoration_disarm(void);
/// Notes that the mouse is on, so that it's switched off with the rest.
void restoration_note_mouse(bool on);
/// Takes the terminal again after a stop, if the process is in the foreground. True if it did.
bool restoration_reenter(void);
/// Gives the terminal back and stops the whole job, as Ctrl-Z does.
void restoration_suspend(void);

/// Whether a terminal of this name may be asked for its background without an odd character on its
/// screen.
bool background_can_be_asked(const char *terminal);
/// Writes the question.
void background_ask(FILE *output);
/// Whether an answer may still come.
bool background_is_awaited(void);
/// Notes that the answer has come.
void background_answered(void);
/// Reads a colour as terminals answer it, `11;rgb:ffff/ffff/dddd`, into 0xRRGGBB; -1 if it is none.
long background_color(const char *answer);
/// Before the terminal is given back: takes an answer that is on its way, so that no shell does.
void background_await_last(int input);

/// The size may have changed.
extern volatile sig_atomic_t size_changed;
/// The process was stopped and the terminal isn't ours until `restoration_reenter`.
extern volatile sig_atomic_t stopped;
/// The read end of the pipe that wakes the program's loop.
extern int wake_read;
