#include "sensor/flow_rule.h"

#include "lib/check.h"
#include "unit/sensor/bytes_fixture.h"

#include <string.h>

static struct flow_classes CLASSES;

static bool counts_for(const struct flow *flow, const char *kind)
{
    uint64_t rules = flow_classes_of(&CLASSES, flow);
    for (size_t i = 0; i < FLOW_RULES; i++)
        if (strcmp(FLOW_RULE_ROWS[i].kind, kind) == 0)
            return rules >> i & 1;
    fail_msg("no rule %s", kind);
    return false;
}

static void a_flow_counts_for_its_rules(void **state)
{
    (void)state;
    struct flow flow = flow_of("192.0.2.1", "198.51.100.1", 0);
    flow_classes_init(&CLASSES);
    assert_true(counts_for(&flow, "udp-flood"));
    assert_true(counts_for(&flow, "carpet-bombing"));
    assert_false(counts_for(&flow, "host-scan"));
    flow.source_port = 123;
    assert_true(counts_for(&flow, "amplification/ntp"));
    assert_false(counts_for(&flow, "amplification/dns"));
    assert_false(counts_for(&flow, "udp-flood"));
    flow.fragment = true; /* the first part of an answer */
    assert_true(counts_for(&flow, "amplification/ntp"));
    assert_true(counts_for(&flow, "fragment-flood"));
}

static void an_answered_connection_is_no_attempt(void **state)
{
    (void)state;
    struct flow flow = flow_of("192.0.2.1", "198.51.100.1", 0);
    flow_classes_init(&CLASSES);
    flow.protocol = FLOW_TCP;
    flow.tcp_flags = TCP_SYN;
    assert_true(counts_for(&flow, "syn-flood"));
    assert_true(counts_for(&flow, "host-scan"));
    flow.packets = 100;
    assert_false(counts_for(&flow, "host-scan"));
    flow.tcp_flags = TCP_SYN | TCP_ACK;
    assert_false(counts_for(&flow, "syn-flood"));
    assert_true(counts_for(&flow, "tcp-flood"));
}

static void an_echo_looks_for_somebody_and_its_answer_does_not(void **state)
{
    (void)state;
    struct flow flow = flow_of("192.0.2.1", "198.51.100.1", 0);
    flow_classes_init(&CLASSES);
    flow.protocol = FLOW_ICMP;
    flow.target_port = 8 << 8;
    assert_true(counts_for(&flow, "host-scan"));
    assert_true(counts_for(&flow, "icmp-flood"));
    flow.target_port = 0;
    assert_false(counts_for(&flow, "host-scan"));
    flow.protocol = 47;
    assert_int_equal(flow_classes_of(&CLASSES, &flow), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_flow_counts_for_its_rules),
        cmocka_unit_test(an_answered_connection_is_no_attempt),
        cmocka_unit_test(an_echo_looks_for_somebody_and_its_answer_does_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
