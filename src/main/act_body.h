/* main/act_body.h — the body of an act from what was typed: fields as texts, and a file.
 *
 *   --file report.json  ─┐
 *   --level II           ├─► {"title":…, "level":"II", "regions":["330000","320000"]}
 *   --regions 330000,…  ─┘
 *
 * Only the shape is made here; whether a value is right is the node's to say, which names field and clause.
 *
 * Layer    main.
 * Owns     the body is a new reference.
 * Threads  the main thread.
 * Errors   ERR_USAGE and ERR_INVALID naming the field; every required field that is missing, at once.
 * Tests    tests/unit/main/test_act_body.c
 */
#ifndef MAIN_ACT_BODY_H
#define MAIN_ACT_BODY_H

#include "main/act_form.h"

/* The object of a file ("-" is standard input), or an empty one when path is NULL. */
MUST_USE enum errc act_body_open(struct call *call, const char *path, json_t **out, struct err *err);

/* Puts one text into its field; a field that takes several gets one more. */
MUST_USE enum errc act_body_put(struct call *call, json_t *body, const struct act_field *field,
                                const char *text, struct err *err);

/* From --file and the options of a command of the table, --happened included. */
MUST_USE enum errc act_body_make(struct call *call, const struct act_form *form, json_t **out,
                                 struct err *err);

MUST_USE enum errc act_body_complete(const struct act_form *form, const json_t *body, struct err *err);

#endif
