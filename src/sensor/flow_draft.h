/* sensor/flow_draft.h — a record of a template on its way to a flow: what it told, meaning by meaning.
 *
 * Layer    sensor; private to flowset.c.   Threads any.   Owns nothing; addresses lie in the datagram.
 * Tests    tests/unit/sensor/test_flow_draft.c
 */
#ifndef SENSOR_FLOW_DRAFT_H
#define SENSOR_FLOW_DRAFT_H

#include "sensor/exporter.h"
#include "sensor/flow_meaning.h"

struct flow_draft {
    uint64_t told; /* bit n: meaning n */
    uint64_t values[MEANING_COUNT];
    const uint8_t *addresses[MEANING_COUNT];
};

/* The clocks of the datagram the record came in. */
struct flow_clock {
    int64_t sent_ms;
    int64_t uptime_ms; /* -1 = the header has none */
};

void flow_draft_add(struct flow_draft *draft, enum flow_meaning meaning, const uint8_t *bytes, size_t size);
void flow_draft_finish(const struct flow_draft *draft, const struct flow_clock *clock,
                       const struct exporter *exporter, struct flow *out);

/* What a record about the exporter itself tells of sampling and of its start. */
void flow_draft_options(const struct flow_draft *draft, struct exporter *exporter);

#endif
