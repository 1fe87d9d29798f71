// A few plain functions in place of ncurses' macros, variadics and `WINDOW *`.
// This header must not include <ncurses.h>: its macros would reach every importer.
#pragma once
