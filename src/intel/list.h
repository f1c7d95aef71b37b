/* intel/list.h — reads a list of indicators in the forms in which people publish them.
 *
 * One a line; '#', ';' and '!' begin comments, " #" and " ;" end a line early. Besides plain indicators:
 * hosts files ("0.0.0.0 name name"), "||name^", "address=/name/", "address<TAB>count", tables with a
 * header that names its columns (also in a comment, as abuse.ch writes it), tables without one (the first
 * cell that is an indicator), and MISP warning lists (JSON).
 *
 * Layer    intel.
 * Owns     nothing after it returns.
 * Threads  one call, one thread.
 * Errors   a bad line is told and counted, never an error. Errors are those of the input, of the sink,
 *          and ERR_SYNTAX for JSON that is no warning list.
 * Tests    tests/unit/intel/test_list.c, tests/fuzz/fuzz_list.c
 */
#ifndef INTEL_LIST_H
#define INTEL_LIST_H

#include "intel/indicator.h"
#include "intel/input.h"
#include "intel/label.h"

enum { LIST_NAME_SIZE = 256, LIST_JSON_MAX_BYTES = 256 << 20 };

struct list_options {
    struct label label;    /* what holds for every line that says nothing else; its source names the list */
    enum kind hash64_kind; /* of 64 bare hex digits */
};

struct list_sink {
    void *context;
    enum errc (*indicator)(void *context, const struct indicator *indicator, const struct label *label,
                           struct err *err);
    void (*bad_line)(void *context, uint64_t number, struct str text);
};

struct list_counts {
    uint64_t lines;
    uint64_t indicators;
    uint64_t bad_lines;
};

/* *out_name gets the name a warning list gives itself; else it is left alone. May be NULL. */
MUST_USE enum errc list_read(struct input *input, const struct list_options *options,
                             const struct list_sink *sink, struct list_counts *out,
                             char out_name[LIST_NAME_SIZE], struct err *err);

#endif
