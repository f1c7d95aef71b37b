#include "unit/sensor/export_fixture.h"

#include "lib/check.h"

#include <string.h>

static void keep(void *context, const struct flow *flow)
{
    struct export_fixture *f = context;
    assert_true(f->count < EXPORT_FLOWS_MAX);
    f->flows[f->count++] = *flow;
}

void export_fixture_begin(struct export_fixture *f)
{
    struct err err;
    memset(f, 0, sizeof *f);
    assert_ok(exporter_book_new(&f->book, &err), &err);
}

void export_fixture_end(struct export_fixture *f)
{
    exporter_book_free(f->book);
}

void export_fixture_read(struct export_fixture *f, const struct bytes *datagram)
{
    const struct export_sink sink = {keep, f};
    const struct export_datagram one = {ip_of("198.18.0.1"), 1700000000000, datagram->at, datagram->size};
    export_read(f->book, &one, &sink, &f->result);
}
