#include "sensor/detection.h"

#include "lib/check.h"

static void a_detection_is_a_line_of_json(void **state)
{
    (void)state;
    struct buf out;
    const struct detection detection = {.kind = "syn-flood",
                                        .target = "192.0.2.1",
                                        .first_ms = 0,
                                        .last_ms = 1500,
                                        .evidence = "{\"packets\":3}",
                                        .lost = {1, 2}};
    buf_init(&out, 4096);
    detection_write(&detection, &out);
    assert_string_equal(
        out.data, "{\"kind\":\"syn-flood\",\"target\":\"192.0.2.1\","
                  "\"first\":\"1970-01-01T00:00:00.000+00:00\",\"last\":\"1970-01-01T00:00:01.500+00:00\","
                  "\"evidence\":{\"packets\":3},\"lost\":{\"kernel\":1,\"sequence\":2}}\n");
    buf_done(&out);
}

static void no_byte_breaks_a_string(void **state)
{
    (void)state;
    struct buf out;
    buf_init(&out, 4096);
    detection_string("a\"\\\n\x7f", 5, &out);
    detection_string("\xff.x", 3, &out);
    detection_string("中", 3, &out);
    assert_string_equal(out.data, "\"a\\\"\\\\\\u000a\\u007f\"\"\\ufffd.x\"\"中\"");
    buf_done(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_detection_is_a_line_of_json),
        cmocka_unit_test(no_byte_breaks_a_string),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
