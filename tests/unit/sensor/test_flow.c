#include "sensor/flow.h"

#include "lib/check.h"
#include "unit/sensor/bytes_fixture.h"

#include <string.h>

static void a_flow_is_a_line_of_json(void **state)
{
    (void)state;
    struct buf out;
    struct flow flow = flow_of("192.0.2.1", "2001:db8::1", 5);
    flow.fragment = true;
    flow.source_as = 65536;
    buf_init(&out, 4096);
    flow_write(&flow, &out);
    assert_string_equal(out.data, "{\"source\":\"192.0.2.1\",\"target\":\"2001:db8::1\",\"protocol\":17,"
                                  "\"source_port\":40000,\"target_port\":9,\"fragment\":true,\"packets\":1,"
                                  "\"bytes\":100,\"source_as\":65536,\"sampling\":1,\"first_ms\":5,"
                                  "\"last_ms\":5}\n");
    buf_done(&out);
}

static void a_record_without_addresses_has_none(void **state)
{
    (void)state;
    struct buf out;
    struct flow flow = {.packets = 2, .sampling = 1};
    buf_init(&out, 4096);
    flow_write(&flow, &out);
    assert_null(strstr(out.data, "source\":\""));
    buf_done(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_flow_is_a_line_of_json),
        cmocka_unit_test(a_record_without_addresses_has_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
