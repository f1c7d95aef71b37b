#include "intel/decoder.h"
#include "unit/intel/field_fixture.h"

static void formats_are_known_by_their_first_lines(void **state)
{
    (void)state;
    static const struct {
        const char *head;
        enum decoder_format format;
    } HEADS[] = {
        {"", FORMAT_TEXT},
        {"\n\n", FORMAT_TEXT},
        {"evil.example\n192.0.2.1\n", FORMAT_TEXT},
        {"{\"timestamp\":\"x\",\"event_type\":\"dns\"}\n", FORMAT_EVE},
        {"[\n  {\n    \"timestamp\": 1,\n    \"event_type\": \"alert\"", FORMAT_EVE},
        {"{\n  \"event_type\": \"alert\"\n}\n", FORMAT_EVE},
        {"\xEF\xBB\xBF{\"_path\":\"dns\",\"ts\":1}\n", FORMAT_ZEEK_JSON},
        {"{\"ts\":1,\"uid\":\"C\",\"id.orig_h\":\"192.0.2.1\"}\n", FORMAT_ZEEK_JSON},
        {"{\"a\":1}\n", FORMAT_JSON},
        {"#separator \\x09\n#set_separator\t,\n", FORMAT_ZEEK_TSV},
        {"#fields\tts\n", FORMAT_ZEEK_TSV},
        {"# a comment\nevil.example\n", FORMAT_TEXT},
        {"[1700000000] unbound[1:0] info: 192.0.2.1 evil.example. A IN\n", FORMAT_DNS_TEXT},
        {"[INFO] 192.0.2.1:4 - 1 \"A IN evil.example. udp 4 false 5\" NOERROR\n", FORMAT_DNS_TEXT},
        {"Jan  1 00:00:00 dnsmasq[1]: query[A] evil.example from 192.0.2.1\n", FORMAT_DNS_TEXT},
        {"1286536309.586 921 192.0.2.1 TCP_MISS/200 507 GET http://a.example/ - X/- -\n", FORMAT_SQUID},
        {"192.0.2.1 - - [01/Jan/2024:00:00:00 +0800] \"GET / HTTP/1.1\" 200 1\n", FORMAT_SQUID},
    };
    for (size_t i = 0; i < sizeof HEADS / sizeof HEADS[0]; i++)
        assert_string_equal(decoder_format_name(decoder_guess(str_of(HEADS[i].head))),
                            decoder_format_name(HEADS[i].format));
}

static void names_round_trip(void **state)
{
    (void)state;
    for (int i = 0; i < FORMAT_COUNT; i++)
        assert_int_equal(decoder_format_parse(decoder_format_name((enum decoder_format)i)), i);
    assert_int_equal(decoder_format_parse("auto"), -1);
}

static struct decoder decoder;

static void lines_are_records(void **state)
{
    (void)state;
    const char *behind;
    decoder_init(&decoder, FORMAT_TEXT, str_of("a"));
    struct str text = str_of("one\r\ntwo\nthr");
    assert_int_equal(decoder_whole(&decoder, text), 9);
    assert_true(str_eq(decoder_record(&decoder, text, &behind), "one"));
    assert_int_equal(behind - text.p, 5);
    assert_int_equal(decoder_whole(&decoder, str_of("thr")), 0);
}

static void json_may_go_over_lines(void **state)
{
    (void)state;
    const char *behind;
    struct str text = str_of("[\n {\"a\": \"}\",\n  \"b\": {}\n },\n {\"c\"");
    decoder_init(&decoder, FORMAT_EVE, text);
    assert_true(decoder.spans);
    struct str record = decoder_record(&decoder, text, &behind);
    assert_true(str_eq(record, "{\"a\": \"}\",\n  \"b\": {}\n }"));
    assert_int_equal(decoder_whole(&decoder, text), behind - text.p);
    decoder_init(&decoder, FORMAT_EVE, str_of("{\"broken\n{\"a\":2}\n"));
    assert_false(decoder.spans);
    decoder_init(&decoder, FORMAT_EVE, str_of("{\n \"a\":1}\n"));
    assert_true(decoder.spans);
    record = decoder_record(&decoder, str_of(", {\"a\": [1"), &behind);
    assert_true(str_eq(record, "{\"a\": [1"));
    assert_int_equal(*behind, '\0');
    decoder_init(&decoder, FORMAT_EVE, str_of("{\"a\":1}\n{\"a\":2}\n"));
    assert_false(decoder.spans);
    decoder_init(&decoder, FORMAT_EVE, str_of("{\"a\":1}"));
    assert_false(decoder.spans);
}

static void text_is_one_value_a_line(void **state)
{
    (void)state;
    static struct fields_told told;
    static struct read_space space;
    decoder_init(&decoder, FORMAT_TEXT, str_of(""));
    decoder_read(&decoder, str_of("  evil.example \t"), &space, field_fixture_take, &told);
    decoder_read(&decoder, str_of("# no"), &space, field_fixture_take, &told);
    decoder_read(&decoder, str_of(""), &space, field_fixture_take, &told);
    assert_string_equal(told.text, "value=evil.example\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(formats_are_known_by_their_first_lines),
        cmocka_unit_test(names_round_trip),
        cmocka_unit_test(lines_are_records),
        cmocka_unit_test(json_may_go_over_lines),
        cmocka_unit_test(text_is_one_value_a_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
