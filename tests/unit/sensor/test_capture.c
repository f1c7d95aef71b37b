#include "sensor/capture.h"

#include "lib/check.h"
#include "unit/sensor/capture_fixture.h"

#include <string.h>
#include <unistd.h>

static void frames_come_in_order_with_their_times(void **state)
{
    (void)state;
    char path[CAPTURE_PATH_SIZE];
    struct capture *capture = NULL;
    struct frame frame;
    struct err err;
    bool more = true;
    struct bytes one = bytes_of("0102");
    capture_fixture_begin(path, 101);
    capture_fixture_add(path, 1700000000123, &one);
    assert_ok(capture_open(path, &capture, &err), &err);
    assert_ok(capture_next(capture, &frame, &more, &err), &err);
    assert_true(more);
    assert_int_equal(frame.time_ms, 1700000000123);
    assert_int_equal(frame.link, 12); /* as libpcap says it */
    assert_int_equal(frame.size, 2);
    assert_ok(capture_next(capture, &frame, &more, &err), &err);
    assert_false(more);
    capture_close(capture);
    capture_fixture_end(path);
}

static void what_is_no_capture_is_refused(void **state)
{
    (void)state;
    char path[CAPTURE_PATH_SIZE];
    struct capture *capture = NULL;
    struct err err;
    assert_code(capture_open("/nowhere/x.pcap", &capture, &err), ERR_NOT_FOUND);
    assert_code(capture_open("/dev/null", &capture, &err), ERR_SYNTAX);
    capture_fixture_begin(path, 127); /* radio: not understood */
    assert_code(capture_open(path, &capture, &err), ERR_UNSUPPORTED);
    capture_fixture_end(path);
    capture_close(NULL);
}

static void an_end_in_the_middle_is_damage(void **state)
{
    (void)state;
    char path[CAPTURE_PATH_SIZE];
    struct capture *capture = NULL;
    struct frame frame;
    struct err err;
    bool more = true;
    struct bytes one = bytes_of("01020304");
    capture_fixture_begin(path, 1);
    capture_fixture_add(path, 0, &one);
    capture_fixture_add(path, 0, &one);
    assert_int_equal(truncate(path, 24 + 20 + 18), 0);
    assert_ok(capture_open(path, &capture, &err), &err);
    assert_ok(capture_next(capture, &frame, &more, &err), &err);
    assert_code(capture_next(capture, &frame, &more, &err), ERR_DAMAGED);
    assert_non_null(strstr(err.message, path));
    capture_close(capture);
    capture_fixture_end(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(frames_come_in_order_with_their_times),
        cmocka_unit_test(what_is_no_capture_is_refused),
        cmocka_unit_test(an_end_in_the_middle_is_damage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
