#include "sensor/dns_message.h"

#include "lib/check.h"
#include "unit/sensor/dns_fixture.h"

#include <string.h>

static bool read_hex(const char *hex, struct bytes *bytes, struct dns_message *out)
{
    *bytes = bytes_of(hex);
    return dns_message_read(bytes->at, bytes->size, out);
}

static void a_question_is_read(void **state)
{
    struct bytes bytes;
    struct dns_message m;
    (void)state;
    assert_true(read_hex("1234 0100 0001 0000 0000 0000 03 577757 02 610A 00 0010 0001", &bytes, &m));
    assert_int_equal(m.id, 0x1234);
    assert_false(m.response);
    assert_int_equal(m.type, DNS_TXT);
    assert_string_equal(m.name.text, "www.a\\010");
    assert_int_equal(m.name.labels, 2);
}

struct seen {
    size_t count;
    struct dns_record records[8];
};

static void keep(void *context, const struct dns_record *record)
{
    struct seen *seen = context;
    assert_true(seen->count < 8);
    seen->records[seen->count++] = *record;
}

static void answers_are_read_through_pointers(void **state)
{
    struct bytes bytes;
    struct dns_message m;
    struct seen seen = {.count = 0};
    (void)state;
    assert_true(read_hex("0001 8183 0001 0003 0000 0000 01 61 02 636E 00 0001 0001 "
                         "c00c 0005 0001 00000005 0004 01 62 c00e "
                         "c022 0001 0001 00000005 0004 c0000201 "
                         "c00c 001c 0001 00000005 0003 010203",
                         &bytes, &m));
    assert_true(m.response);
    assert_int_equal(m.rcode, DNS_NXDOMAIN);
    dns_message_answers(&m, keep, &seen);
    assert_int_equal(seen.count, 3);
    assert_string_equal(seen.records[0].name.text, "b.cn");
    assert_int_equal(ip4_value(&seen.records[1].address), 0xC0000201);
    assert_int_equal(seen.records[2].address.bits, 0); /* an address of three bytes is none */
}

static void what_is_no_whole_message_is_refused(void **state)
{
    static const char *const CASES[] = {
        "",
        "0001 8180 0001 0000 0000",                                        /* a header cut */
        "0001 0100 0001 0000 0000 0000 01 61",                             /* a name cut */
        "0001 0100 0001 0000 0000 0000 01 61 00 0001",                     /* a question cut */
        "0001 0100 0001 0000 0000 0000 c00c 0001 0001",                    /* a pointer to itself */
        "0001 0100 0001 0000 0000 0000 01 61 c00c 0001 0001",              /* round and round */
        "0001 0100 0001 0000 0000 0000 c010 0001 0001 01 61 00",           /* forwards */
        "0001 0100 0001 0000 0000 0000 40 61 00 0001 0001",                /* a label of 64 */
        "0001 8180 0000 0001 0000 0000 00 0001 0001 00000000 0005 010203", /* data cut */
    };
    struct bytes bytes;
    struct dns_message m;
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++)
        assert_false(read_hex(CASES[i], &bytes, &m));
    assert_true(read_hex("0001 8380 0000 0001 0000 0000", &bytes, &m)); /* it says that it was cut */
}

static void a_name_has_at_most_255_bytes(void **state)
{
    struct dns_message m;
    struct bytes bytes = bytes_of("0001 0100 0001 0000 0000 0000");
    (void)state;
    for (int i = 0; i < 127; i++)
        bytes_add(&bytes, "01 ff");
    bytes_add(&bytes, "00 0001 0001");
    assert_true(dns_message_read(bytes.at, bytes.size, &m));
    assert_int_equal(m.name.labels, 127);
    assert_int_equal(m.name.size, 127 * 5 - 1);
    bytes.size -= 5;
    bytes_add(&bytes, "01 ff 00 0001 0001");
    assert_false(dns_message_read(bytes.at, bytes.size, &m));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_question_is_read),
        cmocka_unit_test(answers_are_read_through_pointers),
        cmocka_unit_test(what_is_no_whole_message_is_refused),
        cmocka_unit_test(a_name_has_at_most_255_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
