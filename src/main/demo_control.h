/* main/demo_control.h — what one does to a demonstration, in words: "cut pca-330000", "clock 3d".
 *
 *   cut NODE [OTHER]    between two nodes, or between one and all others      heal NODE [OTHER]
 *   kill NODE           as a power cut would                                  stop NODE, in order
 *   start NODE          again                                                 clock 90s | 30m | 12h | 3d
 *
 * The same words stand in demo/scenario.yaml (`control`) and are typed at the prompt.
 *
 * Layer    main.   Owns nothing.   Threads one.
 * Errors   ERR_USAGE the words; those of country.
 * Tests    tests/unit/main/test_demo_control.c, tests/e2e/test_demo.py
 */
#ifndef MAIN_DEMO_CONTROL_H
#define MAIN_DEMO_CONTROL_H

#include "main/demo_country.h"

MUST_USE enum errc demo_control(struct country *country, const char *words, struct err *err);

/* "3d" → 259200000 */
MUST_USE enum errc demo_control_span(const char *text, int64_t *out_ms, struct err *err);

/* A line for each, for people. */
extern const char DEMO_CONTROL_HELP[];

#endif
