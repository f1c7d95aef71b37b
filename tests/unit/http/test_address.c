#include "http/address.h"
#include "lib/check.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

static struct address_key key_of(const char *text)
{
    struct sockaddr_storage address;
    memset(&address, 0, sizeof address);
    struct sockaddr_in *v4 = (void *)&address;
    struct sockaddr_in6 *v6 = (void *)&address;
    if (inet_pton(AF_INET, text, &v4->sin_addr) == 1)
        v4->sin_family = AF_INET;
    else if (inet_pton(AF_INET6, text, &v6->sin6_addr) == 1)
        v6->sin6_family = AF_INET6;
    return address_key((struct sockaddr *)&address);
}

static bool same(const char *a, const char *b)
{
    struct address_key x = key_of(a);
    struct address_key y = key_of(b);
    return memcmp(&x, &y, sizeof x) == 0;
}

static void ipv6_counts_by_network_and_ipv4_by_address(void **state)
{
    (void)state;
    assert_true(same("2001:db8:0:1::1", "2001:db8:0:1:ffff::2"));
    assert_false(same("2001:db8:0:1::1", "2001:db8:0:2::1"));
    assert_false(same("192.0.2.1", "192.0.2.2"));
    assert_true(same("192.0.2.1", "::ffff:192.0.2.1"));
    assert_false(same("::ffff:192.0.2.1", "::ffff:192.0.2.2"));
}

static void addresses_are_told_as_people_write_them(void **state)
{
    (void)state;
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = htons(443)};
    struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons(80)};
    struct sockaddr local = {.sa_family = AF_UNIX};
    char text[ADDRESS_TEXT_SIZE];
    uint16_t port = 7;
    assert_int_equal(inet_pton(AF_INET6, "2001:db8::1", &v6.sin6_addr), 1);
    assert_int_equal(inet_pton(AF_INET, "192.0.2.7", &v4.sin_addr), 1);
    address_text((struct sockaddr *)&v6, text, &port);
    assert_string_equal(text, "2001:db8::1");
    assert_int_equal(port, 443);
    address_text((struct sockaddr *)&v4, text, &port);
    assert_string_equal(text, "192.0.2.7");
    assert_int_equal(port, 80);
    address_text(&local, text, &port);
    assert_string_equal(text, "local");
    assert_int_equal(port, 0);
}

/* Against a plain array of counts, over many takes and gives of colliding addresses. */
static void counts_stay_right_whatever_comes_and_goes(void **state)
{
    (void)state;
    enum { ADDRESSES = 60, STEPS = 200000, MAX = 3 };
    struct address_table table;
    struct err err;
    size_t counts[ADDRESSES] = {0};
    size_t total = 0;
    uint64_t seed = 17;
    assert_ok(address_table_init(&table, 64, 12345, &err), &err);
    for (int step = 0; step < STEPS; step++) {
        seed = seed * UINT64_C(6364136223846793005) + 1;
        size_t i = (size_t)(seed >> 33) % ADDRESSES;
        struct address_key key = {{0}};
        key.bytes[15] = (unsigned char)i;
        if ((seed >> 20 & 1) && total < 64) {
            bool taken = address_take(&table, key, MAX);
            assert_int_equal(taken, counts[i] < MAX);
            counts[i] += taken;
            total += taken;
        } else {
            address_give(&table, key); /* giving what is not there changes nothing */
            total -= counts[i] > 0;
            counts[i] -= counts[i] > 0;
        }
    }
    size_t rows = 0;
    size_t held = 0;
    for (size_t i = 0; i <= table.mask; i++)
        rows += table.rows[i].count;
    for (size_t i = 0; i < ADDRESSES; i++)
        held += counts[i];
    assert_int_equal(rows, held);
    address_table_done(&table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ipv6_counts_by_network_and_ipv4_by_address),
        cmocka_unit_test(addresses_are_told_as_people_write_them),
        cmocka_unit_test(counts_stay_right_whatever_comes_and_goes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
