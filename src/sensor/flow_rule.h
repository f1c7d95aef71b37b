/* sensor/flow_rule.h — the rules of flow_rules.def, and which of them a flow counts for.
 *
 * Layer    sensor.   Threads any.   Owns nothing.
 * Data     flow_rules.def
 * Tests    tests/unit/sensor/test_flow_rule.c
 */
#ifndef SENSOR_FLOW_RULE_H
#define SENSOR_FLOW_RULE_H

#include "sensor/flow.h"

enum flow_key { FLOW_KEY_TARGET, FLOW_KEY_PREFIX, FLOW_KEY_SOURCE, FLOW_KEY_PAIR };

enum traffic {
    TRAFFIC_SYN, /* TCP that begins and was not answered */
    TRAFFIC_TCP, /* all other TCP */
    TRAFFIC_UDP, /* whole UDP packets that are no REPLY */
    TRAFFIC_ICMP,
    TRAFFIC_FRAGMENT, /* parts of packets */
    TRAFFIC_FLOOD,    /* SYN, UDP, ICMP, fragments and replies together */
    TRAFFIC_ATTEMPT,  /* a few packets of TCP or an echo that look for somebody */
    TRAFFIC_REPLY     /* UDP from the port of a service that answers long to little */
};

struct flow_rule {
    const char *kind;
    enum flow_key key;
    enum traffic traffic;
    uint16_t port;
    uint32_t window_ms;
    uint64_t start_pps;
    uint64_t start_kbps;
    uint32_t burst;
    uint32_t distinct;
    uint32_t bytes_avg;
    int64_t end_ms;
};

enum {
#define FLOW_RULE(...) +1
    FLOW_RULES = 0
#include "sensor/flow_rules.def"
#undef FLOW_RULE
};

extern const struct flow_rule FLOW_RULE_ROWS[FLOW_RULES];

/* The rules once more, by what they ask of a flow. */
struct flow_classes {
    uint64_t of_traffic[1 << TRAFFIC_REPLY]; /* by bits of enum traffic */
    uint64_t udp;
    uint8_t reply[1 << 16]; /* by source port: rule + 1 */
};
void flow_classes_init(struct flow_classes *classes);

/* The rules that the flow counts for, as bits. */
uint64_t flow_classes_of(const struct flow_classes *classes, const struct flow *flow);

#endif
