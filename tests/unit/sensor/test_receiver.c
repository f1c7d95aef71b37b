#include "sensor/receiver.h"

#include "lib/check.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct taken {
    size_t count;
    size_t bytes;
    struct ip from;
};

static enum errc take(void *context, const struct ip *from, const uint8_t *bytes, size_t size,
                      struct err *err)
{
    struct taken *taken = context;
    (void)bytes;
    (void)err;
    taken->count++;
    taken->bytes += size;
    taken->from = *from;
    return ERR_OK;
}

static void send_to(uint16_t port, size_t size, size_t times)
{
    static const uint8_t BYTES[2000];
    struct sockaddr_in name = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr = {htonl(INADDR_LOOPBACK)}};
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    assert_true(fd >= 0);
    for (size_t i = 0; i < times; i++)
        assert_int_equal(sendto(fd, BYTES, size, 0, (const struct sockaddr *)&name, sizeof name), size);
    (void)close(fd);
}

static void datagrams_are_received_with_their_sender(void **state)
{
    (void)state;
    struct receiver *receiver = NULL;
    struct taken taken = {.count = 0};
    struct err err;
    assert_ok(receiver_open("127.0.0.1:0", &receiver, &err), &err);
    assert_true(receiver_port(receiver) > 0);
    send_to(receiver_port(receiver), 100, 50);
    for (int i = 0; i < 50 && taken.count < 50; i++)
        assert_ok(receiver_take(receiver, 1000, take, &taken, &err), &err);
    assert_int_equal(taken.count, 50);
    assert_int_equal(taken.bytes, 5000);
    assert_int_equal(ip4_value(&taken.from), 0x7F000001);
    assert_int_equal(receiver_dropped(receiver), 0);
    assert_ok(receiver_take(receiver, 0, take, &taken, &err), &err); /* nothing is no error */
    receiver_close(receiver);
}

static void what_the_kernel_drops_is_counted(void **state)
{
    (void)state;
    struct receiver *receiver = NULL;
    struct taken taken = {.count = 0};
    struct err err;
    const size_t sent = 60000;
    assert_ok(receiver_open("0.0.0.0:0", &receiver, &err), &err);
    send_to(receiver_port(receiver), 2000, sent); /* more than any socket holds here */
    size_t before = SIZE_MAX;
    while (taken.count != before) {
        before = taken.count;
        assert_ok(receiver_take(receiver, 0, take, &taken, &err), &err);
    }
    send_to(receiver_port(receiver), 1, 1); /* the count comes with the next one */
    assert_ok(receiver_take(receiver, 1000, take, &taken, &err), &err);
    assert_int_equal(receiver_dropped(receiver) + taken.count, sent + 1);
    assert_true(receiver_dropped(receiver) > 0);
    receiver_close(receiver);
}

static void what_is_no_address_is_refused(void **state)
{
    static const char *const CASES[] = {"",       "2055",   "0.0.0.0",   "0.0.0.0:70000",
                                        "host:1", "[::1:5", "1.2.3.4:-1"};
    (void)state;
    struct receiver *receiver = NULL;
    struct err err;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++)
        assert_code(receiver_open(CASES[i], &receiver, &err), ERR_INVALID);
    assert_code(receiver_open("192.0.2.1:9", &receiver, &err), ERR_IO); /* not ours */
    receiver_close(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(datagrams_are_received_with_their_sender),
        cmocka_unit_test(what_the_kernel_drops_is_counted),
        cmocka_unit_test(what_is_no_address_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
