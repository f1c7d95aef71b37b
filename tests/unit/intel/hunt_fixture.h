/* unit/intel/hunt_fixture.h — a hunt whose hits are kept as text. */
#ifndef UNIT_INTEL_HUNT_FIXTURE_H
#define UNIT_INTEL_HUNT_FIXTURE_H

#include "base/buf.h"
#include "intel/hunt.h"
#include "unit/intel/index_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct hunt_fixture {
    struct index_fixture index;
    struct live *live;
    struct hunt *hunt;
    struct buf out;
    bool refuse; /* to take hits */
};

static inline enum errc hunt_fixture_write(void *context, const char *bytes, size_t size, struct err *err)
{
    struct hunt_fixture *f = context;
    if (f->refuse)
        return err_set(err, ERR_IO, "refused");
    buf_add(&f->out, bytes, size);
    return ERR_OK;
}

/* lines: an indicator each. */
static inline void hunt_fixture_begin(struct hunt_fixture *f, const char *const *indicators, size_t threads,
                                      const struct good_list *good, size_t good_count)
{
    struct err err;
    *f = (struct hunt_fixture){0};
    buf_init(&f->out, 1 << 30);
    fixture_begin(&f->index);
    for (; *indicators; indicators++)
        fixture_add(&f->index, *indicators, "bad", "");
    fixture_open(&f->index);
    assert_ok(live_open(f->index.path, &f->live, &err), &err);
    const struct hunt_options options = {.live = f->live,
                                         .good = good,
                                         .good_count = good_count,
                                         .threads = threads,
                                         .env = &FIXTURE_ENV,
                                         .write = hunt_fixture_write,
                                         .context = f};
    assert_ok(hunt_new(&options, &f->hunt, &err), &err);
}

static inline void hunt_fixture_end(struct hunt_fixture *f)
{
    hunt_free(f->hunt);
    live_close(f->live);
    fixture_end(&f->index);
    buf_done(&f->out);
}

#endif
