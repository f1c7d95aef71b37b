/* Datagrams of exporters, one after another, are read or counted as malformed; what they give goes through
 * the watch, which stays within its tables. Input: datagrams, each behind two bytes of its size. */
#include "fuzz.h"
#include "sensor/flow_sensor.h"

#include <string.h>

static uint64_t RECORDS;

static void see(void *context, const struct flow *flow)
{
    struct buf line;
    (void)context;
    RECORDS++;
    must(flow->sampling > 0 && flow->first_ms <= flow->last_ms);
    buf_init(&line, 1 << 12);
    flow_write(flow, &line);
    must(!line.failed && line.data[line.size_bytes - 1] == '\n');
    buf_done(&line);
}

static enum errc tell(void *context, const struct detection *detection, struct err *err)
{
    (void)context;
    (void)err;
    must(detection->first_ms <= detection->last_ms && detection->evidence[0] == '{');
    must(strlen(detection->target) > 0);
    return ERR_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct flow_sensor_options options = {.watch = {.buckets = 16, .tell = tell}, .record = see};
    struct flow_sensor *sensor;
    must(flow_sensor_new(&options, &sensor, NULL) == ERR_OK);
    RECORDS = 0;
    for (int64_t n = 0; size >= 2; n++) {
        size_t part = (size_t)data[0] << 8 | data[1];
        part = part < size - 2 ? part : size - 2;
        const struct export_datagram datagram = {
            {.bytes = {192, 0, 2, 1}, .bits = 32}, 1700000000000 + 100 * n, data + 2, part};
        must(flow_sensor_datagram(sensor, &datagram, NULL) == ERR_OK);
        data += 2 + part;
        size -= 2 + part;
    }
    must(flow_sensor_totals(sensor).exports.records == RECORDS);
    must(flow_sensor_end(sensor, NULL) == ERR_OK);
    flow_sensor_free(sensor);
    return 0;
}
