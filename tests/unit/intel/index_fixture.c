#include "unit/intel/index_fixture.h"

#include "lib/shared.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int64_t now(void *context)
{
    (void)context;
    return 1700000000000;
}

static enum errc bytes(void *context, void *out, size_t size_bytes)
{
    (void)context;
    memset(out, 0x5A, size_bytes);
    return ERR_OK;
}

const struct env FIXTURE_ENV = {NULL, now, bytes};

void fixture_begin(struct index_fixture *fixture)
{
    struct err err;
    *fixture = (struct index_fixture){0};
    (void)snprintf(fixture->folder, sizeof fixture->folder, "/tmp/fengsui-test-XXXXXX");
    assert_non_null(mkdtemp(fixture->folder));
    (void)snprintf(fixture->path, sizeof fixture->path, "%s/test.idx", fixture->folder);
    assert_ok(index_build_new(&FIXTURE_ENV, &fixture->build, &err), &err);
}

void fixture_add(struct index_fixture *fixture, const char *text, const char *source, const char *family)
{
    struct err err;
    struct indicator indicator;
    uint32_t label;
    struct label what = {.source = source,
                         .family = family,
                         .confidence = LABEL_UNKNOWN,
                         .valid_from_ms = LABEL_NO_TIME,
                         .valid_until_ms = LABEL_NO_TIME};
    if (!indicator_parse((struct str){text, strlen(text)}, KIND_SHA256, &indicator))
        fail_msg("no indicator: %s", text);
    assert_ok(index_build_label(fixture->build, &what, &label, &err), &err);
    assert_ok(index_build_add(fixture->build, &indicator, label, &err), &err);
}

void fixture_open(struct index_fixture *fixture)
{
    struct err err;
    assert_ok(index_build_write(fixture->build, fixture->path, &err), &err);
    assert_ok(index_open(fixture->path, INDEX_CHECK_ALL, &fixture->index, &err), &err);
}

void fixture_end(struct index_fixture *fixture)
{
    index_close(fixture->index);
    index_build_free(fixture->build);
    shared_remove(fixture->folder);
}
