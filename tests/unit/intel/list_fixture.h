/* unit/intel/list_fixture.h — what reading a list told, as text: "kind indicator [family
 * confidence tlp match]". */
#ifndef UNIT_INTEL_LIST_FIXTURE_H
#define UNIT_INTEL_LIST_FIXTURE_H

#include "intel/list.h"
#include "unit/intel/input_fixture.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

struct list_told {
    char text[4096];
    size_t size;
    char name[LIST_NAME_SIZE];
    struct list_counts counts;
};

static inline enum errc list_fixture_take(void *context, const struct indicator *indicator,
                                          const struct label *label, struct err *err)
{
    struct list_told *told = context;
    char text[INDICATOR_TEXT_SIZE];
    (void)err;
    (void)indicator_format(indicator, text);
    told->size += (size_t)snprintf(told->text + told->size, sizeof told->text - told->size, "%s %s",
                                   kind_name(indicator->kind), text);
    if (label->family[0] || label->confidence != LABEL_UNKNOWN || label->tlp || label->match)
        told->size += (size_t)snprintf(told->text + told->size, sizeof told->text - told->size,
                                       " [%s %d %s %d]", label->family, label->confidence,
                                       tlp_name(label->tlp), label->match);
    told->size += (size_t)snprintf(told->text + told->size, sizeof told->text - told->size, "\n");
    return ERR_OK;
}

static inline void list_fixture_bad(void *context, uint64_t number, struct str text)
{
    struct list_told *told = context;
    told->size += (size_t)snprintf(told->text + told->size, sizeof told->text - told->size,
                                   "bad %" PRIu64 " %.*s\n", number, (int)(text.n < 40 ? text.n : 40),
                                   text.p);
}

static inline enum errc list_fixture_read(const void *bytes, size_t size, struct list_told *told,
                                          struct err *err)
{
    struct list_options options = {
        .label = {.source = "test",
                  .family = "",
                  .confidence = LABEL_UNKNOWN,
                  .valid_from_ms = LABEL_NO_TIME,
                  .valid_until_ms = LABEL_NO_TIME},
        .hash64_kind = KIND_SHA256,
    };
    struct list_sink sink = {told, list_fixture_take, list_fixture_bad};
    struct input *input = input_fixture(bytes, size);
    *told = (struct list_told){0};
    enum errc rc = list_read(input, &options, &sink, &told->counts, told->name, err);
    input_close(input);
    return rc;
}

#endif
