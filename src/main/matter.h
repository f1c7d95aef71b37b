/* main/matter.h — reading commands about matters and duties, the same for every type.
 *
 * The rows that use them are made by tools/gen_cli.py; the type is the first word of the command.
 *
 * Layer    main.   Owns nothing.   Threads the main thread.
 * Errors   told to the person; the functions give the exit code.
 * Tests    tests/unit/main/test_cmd_matter.c
 */
#ifndef MAIN_MATTER_H
#define MAIN_MATTER_H

#include "main/command.h"

extern const struct option_row MATTER_LIST_OPTIONS_ROWS[];
extern const struct option_row MATTER_SHOW_OPTIONS_ROWS[];
extern const struct option_row DUTY_LIST_OPTIONS_ROWS[];
extern const struct option_row DUTY_SHOW_OPTIONS_ROWS[];

MUST_USE int matter_run_list(struct call *call);
MUST_USE int matter_run_show(struct call *call);
MUST_USE int duty_run_list(struct call *call);
MUST_USE int duty_run_show(struct call *call);

#endif
