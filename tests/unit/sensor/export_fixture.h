/* Reads datagrams of exporters and keeps the flows they give. */
#ifndef UNIT_SENSOR_EXPORT_FIXTURE_H
#define UNIT_SENSOR_EXPORT_FIXTURE_H

#include "sensor/export.h"
#include "sensor/exporter.h"
#include "unit/sensor/bytes_fixture.h"

enum { EXPORT_FLOWS_MAX = 64 };

struct export_fixture {
    struct exporter_book *book;
    struct export_result result;
    size_t count;
    struct flow flows[EXPORT_FLOWS_MAX];
};

void export_fixture_begin(struct export_fixture *f);
void export_fixture_end(struct export_fixture *f);
void export_fixture_read(struct export_fixture *f, const struct bytes *datagram);

#endif
