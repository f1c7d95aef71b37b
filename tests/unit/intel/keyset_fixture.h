/* unit/intel/keyset_fixture.h — a key set in memory, each part an exact copy so that reading outside is
 * seen. */
#ifndef UNIT_INTEL_KEYSET_FIXTURE_H
#define UNIT_INTEL_KEYSET_FIXTURE_H

#include "intel/keyset_build.h"
#include "lib/check.h"

#include <stdlib.h>
#include <string.h>

struct keyset_fixture {
    struct keyset_build *build;
    uint8_t *entries;
    size_t size;
    size_t room;
    struct keyset set;
};

static inline enum errc keyset_fixture_put(void *context, const void *bytes, size_t size, struct err *err)
{
    struct keyset_fixture *f = context;
    (void)err;
    if (f->size + size > f->room) {
        f->room = 2 * f->room + size;
        f->entries = realloc(f->entries, f->room);
        assert_non_null(f->entries);
    }
    memcpy(f->entries + f->size, bytes, size);
    f->size += size;
    return ERR_OK;
}

/* Sorts and writes what was added. */
static inline void keyset_fixture_open(struct keyset_fixture *f, struct keyset_build *build)
{
    struct err err;
    *f = (struct keyset_fixture){.build = build};
    assert_ok(keyset_build_sort(build, &err), &err);
    assert_ok(keyset_build_write(build, keyset_fixture_put, f, &err), &err);
    assert_true(keyset_init(&f->set, (struct str){(const char *)build->filter, build->filter_bytes},
                            (struct str){(const char *)build->places, build->places_bytes},
                            (struct str){(const char *)f->entries, f->size}, build->seed));
}

static inline void keyset_fixture_close(struct keyset_fixture *f)
{
    free(f->entries);
    keyset_build_done(f->build);
}

#endif
