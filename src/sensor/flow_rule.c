#include "sensor/flow_rule.h"

#include <string.h>

const struct flow_rule FLOW_RULE_ROWS[FLOW_RULES] = {
#define FLOW_RULE(kind, key, traffic, ...) {kind, FLOW_KEY_##key, TRAFFIC_##traffic, __VA_ARGS__},
#include "sensor/flow_rules.def"
#undef FLOW_RULE
};

_Static_assert((int)FLOW_RULES <= 64, "a rule has a bit");

enum { ATTEMPT_PACKETS_MAX = 3, ECHO_REQUEST4 = 8, ECHO_REQUEST6 = 128 };

/* As bits of enum traffic; a reply is told by its port later. */
static unsigned traffic_of(const struct flow *flow)
{
    const unsigned flood = 1u << TRAFFIC_FLOOD;
    unsigned echo = flow->target_port >> 8;
    if (flow->fragment)
        return 1u << TRAFFIC_FRAGMENT | flood;
    switch (flow->protocol) {
    case FLOW_TCP:
        if ((flow->tcp_flags & (TCP_SYN | TCP_ACK)) != TCP_SYN)
            return 1u << TRAFFIC_TCP;
        return 1u << TRAFFIC_SYN | flood |
               (unsigned)(flow->packets <= ATTEMPT_PACKETS_MAX) << TRAFFIC_ATTEMPT;
    case FLOW_UDP: return 1u << TRAFFIC_UDP | flood;
    case FLOW_ICMP:
    case FLOW_ICMP6:
        return 1u << TRAFFIC_ICMP | flood |
               (unsigned)(echo == ECHO_REQUEST4 || echo == ECHO_REQUEST6) << TRAFFIC_ATTEMPT;
    default: return 0;
    }
}

void flow_classes_init(struct flow_classes *classes)
{
    memset(classes, 0, sizeof *classes);
    for (size_t i = 0; i < FLOW_RULES; i++) {
        const struct flow_rule *rule = &FLOW_RULE_ROWS[i];
        if (rule->traffic == TRAFFIC_REPLY)
            classes->reply[rule->port] = (uint8_t)(i + 1);
        else
            for (unsigned traffic = 0; traffic < 1u << TRAFFIC_REPLY; traffic++)
                classes->of_traffic[traffic] |= (uint64_t)(traffic >> rule->traffic & 1) << i;
        if (rule->traffic == TRAFFIC_UDP)
            classes->udp |= UINT64_C(1) << i;
    }
}

uint64_t flow_classes_of(const struct flow_classes *classes, const struct flow *flow)
{
    unsigned traffic = traffic_of(flow);
    uint64_t rules = classes->of_traffic[traffic];
    /* The first fragment of an answer is one, too; only it has the port. */
    bool udp = traffic >> TRAFFIC_UDP & 1 || (flow->fragment && flow->protocol == FLOW_UDP);
    uint8_t reply = udp ? classes->reply[flow->source_port] : 0;
    return reply ? (rules & ~classes->udp) | UINT64_C(1) << (reply - 1) : rules;
}
