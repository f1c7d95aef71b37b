/* main/rules_source.h — where a command takes its law from: the copy in the binary, or a folder.
 *
 * Layer    main.
 * Owns     rules_source gives a set that the caller frees with pack_set_free.
 * Threads  the main thread.
 * Errors   those of the folder and of pack_set_load; an act that no catalogue row knows.
 * Tests    tests/unit/main/test_cmd_rules.c
 */
#ifndef MAIN_RULES_SOURCE_H
#define MAIN_RULES_SOURCE_H

#include "domain/pack_set.h"
#include "main/call.h"

/* The option row of commands that take it. */
#define RULES_OPTION                                                                                         \
    {                                                                                                        \
        .name = "rules", .kind = OPTION_TEXT, .value = "DIR",                                                \
        .text = "take the rules of a folder, not those built in"                                             \
    }

/* The rules of a folder; NULL = those built into the binary. */
MUST_USE enum errc rules_source(struct call *call, const char *folder, struct pack_set **out,
                                struct err *err);

/* Holds every act kind that the packs name against the catalogue in the binary. */
MUST_USE enum errc rules_check_kinds(const struct pack_set *set, struct err *err);

#endif
