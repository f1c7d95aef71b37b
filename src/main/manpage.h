/* main/manpage.h — the man page, written from the command rows.
 *
 * Layer    main.   Owns nothing.   Threads: the stream's.
 * Tests    tests/unit/main/test_manpage.c, tests/cli/test_manpage.py (through groff and man)
 */
#ifndef MAIN_MANPAGE_H
#define MAIN_MANPAGE_H

#include "main/command.h"

#include <stdio.h>

/* fengsui(1) in man(7) macros, UTF-8. */
void manpage_write(const struct command_table *table, const char *version, FILE *out);

#endif
