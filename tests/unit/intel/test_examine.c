#include "intel/examine.h"
#include "unit/intel/index_fixture.h"

#include <stdio.h>
#include <string.h>

struct findings {
    char text[4096];
    size_t size;
};

static void take(void *context, const struct finding *finding)
{
    struct findings *told = context;
    char indicator[INDICATOR_TEXT_SIZE];
    char held[INDICATOR_TEXT_SIZE] = "";
    (void)find_format(finding->hit, indicator);
    if (finding->held_by)
        (void)find_format(finding->held_hit, held);
    told->size += (size_t)snprintf(told->text + told->size, sizeof told->text - told->size,
                                   "%.*s %.*s %s%s%s\n", (int)finding->field->name.n, finding->field->name.p,
                                   (int)finding->value.n, finding->value.p, indicator,
                                   held[0] ? " held by " : "", held);
}

static struct examiner examiner;
static struct decoder decoder;
static struct findings told;

static const char *run(enum decoder_format format, const char *record)
{
    struct err err;
    told.size = 0;
    told.text[0] = '\0';
    decoder_init(&decoder, format, (struct str){record, strlen(record)});
    assert_ok(examine(&examiner, &decoder, (struct str){record, strlen(record)}, &err), &err);
    return told.text;
}

static void open_bad(struct index_fixture *f)
{
    static const char *const LIST[] = {"evil.example",      "b.evil.example",    "192.0.2.0/24",
                                       "192.0.2.1",         "198.51.100.7:8080", "http://files.example/a",
                                       "[2001:db8::7]:443", "good.example",      "10.0.0.0/8"};
    fixture_begin(f);
    for (size_t i = 0; i < sizeof LIST / sizeof LIST[0]; i++)
        fixture_add(f, LIST[i], "bad", "");
    fixture_open(f);
    examiner_init(&examiner, f->index, take, &told);
}

static void every_field_and_every_indicator_is_told(void **state)
{
    (void)state;
    struct index_fixture f;
    open_bad(&f);
    assert_string_equal(
        run(FORMAT_EVE,
            "{\"event_type\":\"dns\",\"src_ip\":\"192.0.2.1\",\"dns\":{\"rrname\":\"a.B.evil.example\","
            "\"note\":\"evil.example\"}}"),
        "src_ip 192.0.2.1 192.0.2.1\nsrc_ip 192.0.2.1 192.0.2.0/24\n"
        "dns.rrname a.B.evil.example b.evil.example\ndns.rrname a.B.evil.example evil.example\n");
    assert_string_equal(
        run(FORMAT_EVE, "{\"alert\":{\"signature\":\"evil.example\"},\"host\":\"evil.example\"}"), "");
    fixture_end(&f);
}

static void an_address_and_its_port_belong_together(void **state)
{
    (void)state;
    struct index_fixture f;
    open_bad(&f);
    assert_string_equal(
        run(FORMAT_EVE,
            "{\"src_ip\":\"198.51.100.7\",\"src_port\":8080,\"dest_ip\":\"203.0.113.1\",\"dest_port\":1}"),
        "src_ip 198.51.100.7:8080 198.51.100.7:8080\n");
    assert_string_equal(
        run(FORMAT_EVE, "{\"dest_port\":8080,\"dest_ip\":\"198.51.100.7\",\"src_port\":8081}"),
        "dest_ip 198.51.100.7:8080 198.51.100.7:8080\n");
    assert_string_equal(run(FORMAT_EVE, "{\"src_ip\":\"198.51.100.7\",\"src_port\":8081,\"dest_port\":8080}"),
                        "");
    assert_string_equal(run(FORMAT_ZEEK_JSON, "{\"id.resp_h\":\"2001:db8::7\",\"id.resp_p\":443}"),
                        "id.resp_h [2001:db8::7]:443 [2001:db8::7]:443\n");
    fixture_end(&f);
}

static void a_host_and_its_path_belong_together(void **state)
{
    (void)state;
    struct index_fixture f;
    open_bad(&f);
    assert_string_equal(run(FORMAT_EVE, "{\"http\":{\"hostname\":\"files.example\",\"url\":\"\\/a\\/b\"}}"),
                        "http.url files.example/a/b http://files.example/a\n");
    assert_string_equal(run(FORMAT_EVE, "{\"http\":{\"url\":\"/a\",\"hostname\":\"files.example\"}}"),
                        "http.url files.example/a http://files.example/a\n");
    assert_string_equal(run(FORMAT_EVE, "{\"http\":{\"hostname\":\"files.example\",\"url\":\"/ab\"}}"), "");
    assert_string_equal(run(FORMAT_ZEEK_JSON, "{\"host\":\"files.example\",\"uri\":\"/a\"}"),
                        "uri files.example/a http://files.example/a\n");
    fixture_end(&f);
}

static void an_allow_list_has_the_last_word(void **state)
{
    (void)state;
    struct index_fixture f;
    struct index_fixture allow;
    open_bad(&f);
    fixture_begin(&allow);
    fixture_add(&allow, "evil.example", "own", "");
    fixture_add(&allow, "files.example", "own", "");
    fixture_add(&allow, "198.51.100.7", "own", "");
    fixture_open(&allow);
    assert_true(examiner_add_good(&examiner, allow.index, GOOD_ALLOW));
    assert_string_equal(run(FORMAT_TEXT, "a.b.evil.example"),
                        "value a.b.evil.example b.evil.example held by evil.example\n"
                        "value a.b.evil.example evil.example held by evil.example\n");
    assert_string_equal(run(FORMAT_TEXT, "http://files.example/a"),
                        "value http://files.example/a http://files.example/a held by files.example\n");
    assert_string_equal(run(FORMAT_TEXT, "198.51.100.7:8080"),
                        "value 198.51.100.7:8080 198.51.100.7:8080 held by 198.51.100.7\n");
    assert_string_equal(run(FORMAT_TEXT, "good.example"), "value good.example good.example\n");
    fixture_end(&allow);
    fixture_end(&f);
}

static void what_is_known_to_be_good_yields_to_what_is_narrower(void **state)
{
    (void)state;
    struct index_fixture f;
    struct index_fixture known;
    open_bad(&f);
    fixture_begin(&known);
    fixture_add(&known, "evil.example", "top", "");
    fixture_add(&known, "192.0.2.0/24", "cloud", "");
    fixture_add(&known, "10.9.9.9", "cloud", "");
    fixture_open(&known);
    assert_true(examiner_add_good(&examiner, known.index, GOOD_KNOWN));
    assert_string_equal(run(FORMAT_TEXT, "a.b.evil.example"),
                        "value a.b.evil.example b.evil.example\n"
                        "value a.b.evil.example evil.example held by evil.example\n");
    assert_string_equal(run(FORMAT_TEXT, "192.0.2.1"), "value 192.0.2.1 192.0.2.1\n"
                                                       "value 192.0.2.1 192.0.2.0/24 held by 192.0.2.0/24\n");
    assert_string_equal(run(FORMAT_TEXT, "10.9.9.9"), "value 10.9.9.9 10.0.0.0/8 held by 10.9.9.9\n");
    assert_string_equal(run(FORMAT_TEXT, "10.9.9.8"), "value 10.9.9.8 10.0.0.0/8\n");
    fixture_end(&known);
    fixture_end(&f);
}

static void an_exact_entry_holds_only_for_itself(void **state)
{
    (void)state;
    struct index_fixture f;
    struct index_fixture known;
    struct indicator indicator;
    struct err err;
    uint32_t label;
    struct label exact = {.source = "top", .family = "", .confidence = LABEL_UNKNOWN, .match = MATCH_EXACT};
    open_bad(&f);
    fixture_begin(&known);
    assert_true(indicator_parse((struct str){"good.example", 12}, KIND_SHA256, &indicator));
    assert_ok(index_build_label(known.build, &exact, &label, &err), &err);
    assert_ok(index_build_add(known.build, &indicator, label, &err), &err);
    fixture_open(&known);
    assert_true(examiner_add_good(&examiner, known.index, GOOD_KNOWN));
    assert_string_equal(run(FORMAT_TEXT, "good.example"),
                        "value good.example good.example held by good.example\n");
    assert_string_equal(run(FORMAT_TEXT, "x.good.example"), "value x.good.example good.example\n");
    fixture_end(&known);
    fixture_end(&f);
}

static void a_prefix_is_held_only_by_what_is_as_wide(void **state)
{
    (void)state;
    struct index_fixture f;
    open_bad(&f);
    assert_string_equal(run(FORMAT_TEXT, "192.0.2.0/25"), "value 192.0.2.0/25 192.0.2.0/24\n");
    assert_string_equal(run(FORMAT_TEXT, "192.0.0.0/16"), "");
    fixture_end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_field_and_every_indicator_is_told),
        cmocka_unit_test(an_address_and_its_port_belong_together),
        cmocka_unit_test(a_host_and_its_path_belong_together),
        cmocka_unit_test(an_allow_list_has_the_last_word),
        cmocka_unit_test(what_is_known_to_be_good_yields_to_what_is_narrower),
        cmocka_unit_test(an_exact_entry_holds_only_for_itself),
        cmocka_unit_test(a_prefix_is_held_only_by_what_is_as_wide),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
