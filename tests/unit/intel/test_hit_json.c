#include "intel/hit_json.h"
#include "unit/intel/index_fixture.h"

#include <jansson.h>

#include <string.h>

static void texts_are_valid_json_whatever_they_hold(void **state)
{
    (void)state;
    struct buf out;
    buf_init(&out, 1 << 20);
    for (unsigned first = 0; first < 256; first++)
        for (unsigned second = 0; second < 256; second += 15) {
            char bytes[4] = {(char)first, (char)second, 'x', (char)0xE7};
            buf_reset(&out);
            hit_json_text(&out, (struct str){bytes, sizeof bytes});
            json_t *doc = json_loadb(out.data, out.size_bytes, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
            assert_non_null(doc);
            json_decref(doc);
        }
    buf_reset(&out);
    hit_json_text(&out, (struct str){"a\"\\\n烽\x80", 8});
    assert_string_equal(out.data, "\"a\\\"\\\\\\n烽\xEF\xBF\xBD\"");
    buf_done(&out);
}

static struct find_hits hits;

static void write_hit(struct index_fixture *f, const char *name, struct buf *out)
{
    static const struct field_rule RULE = {"dns.rrname", FIELD_NAME, GROUP_NONE, KIND_COUNT};
    struct field field = {{"dns.rrname", 10}, {name, strlen(name)}, &RULE, name};
    struct hit_place place = {"eve.json", 17, 1500};
    struct err err;
    assert_ok(find_name(f->index, field.value, &hits, &err), &err);
    assert_int_equal(hits.count, 1);
    struct finding finding = {&field, field.value, &hits.at[0], f->index, NULL, NULL};
    buf_reset(out);
    hit_json_write(&finding, &place, out);
    assert_false(out->failed);
}

static void a_hit_is_the_line_of_the_contract(void **state)
{
    (void)state;
    struct index_fixture f;
    struct buf out;
    buf_init(&out, 1 << 20);
    fixture_begin(&f);
    fixture_add(&f, "evil.example", "list.txt", "");
    fixture_open(&f);
    write_hit(&f, "a.b.evil.example", &out);
    assert_string_equal(
        out.data, "{\"file\":\"eve.json\",\"line\":17,\"field\":\"dns.rrname\",\"kind\":\"domain\","
                  "\"value\":\"a.b.evil.example\",\"indicator\":\"evil.example\",\"source\":\"list.txt\"}\n");
    buf_done(&out);
    fixture_end(&f);
}

static void every_source_says_what_it_knows(void **state)
{
    (void)state;
    struct index_fixture f;
    struct buf out;
    struct err err;
    uint32_t number;
    struct indicator indicator;
    const struct label label = {"feed", "Emotet", 80, TLP_AMBER, MATCH_DEFAULT, 0, 1000};
    buf_init(&out, 1 << 20);
    fixture_begin(&f);
    assert_true(indicator_parse((struct str){"evil.example", 12}, KIND_SHA256, &indicator));
    assert_ok(index_build_label(f.build, &label, &number, &err), &err);
    assert_ok(index_build_add(f.build, &indicator, number, &err), &err);
    fixture_add(&f, "evil.example", "second", "");
    fixture_add(&f, "evil.example", "third", "x");
    fixture_open(&f);
    write_hit(&f, "evil.example", &out);
    json_t *doc = json_loadb(out.data, out.size_bytes, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(doc);
    assert_string_equal(json_string_value(json_object_get(doc, "family")), "Emotet");
    assert_int_equal(json_integer_value(json_object_get(doc, "confidence")), 80);
    assert_string_equal(json_string_value(json_object_get(doc, "tlp")), "amber");
    assert_string_equal(json_string_value(json_object_get(doc, "valid_until")),
                        "1970-01-01T08:00:01.000+08:00");
    assert_true(json_is_true(json_object_get(doc, "expired")));
    json_t *also = json_object_get(doc, "also");
    assert_int_equal(json_array_size(also), 2);
    assert_string_equal(json_string_value(json_object_get(json_array_get(also, 1), "family")), "x");
    json_decref(doc);
    buf_done(&out);
    fixture_end(&f);
}

static void a_long_value_is_cut_between_characters(void **state)
{
    (void)state;
    static const struct field_rule RULE = {"value", FIELD_ANY, GROUP_NONE, KIND_COUNT};
    static char text[3 * 3000];
    struct index_fixture f;
    struct buf out;
    struct err err;
    for (size_t i = 0; i < sizeof text; i += 3)
        memcpy(text + i, "烽", 3);
    buf_init(&out, 1 << 20);
    fixture_begin(&f);
    fixture_add(&f, "evil.example", "l", "");
    fixture_open(&f);
    assert_ok(find_name(f.index, (struct str){"evil.example", 12}, &hits, &err), &err);
    struct field field = {{"value", 5}, {text, sizeof text}, &RULE, text};
    struct finding finding = {&field, field.value, &hits.at[0], f.index, NULL, NULL};
    struct hit_place place = {"-", 1, 0};
    hit_json_write(&finding, &place, &out);
    json_t *doc = json_loadb(out.data, out.size_bytes, 0, NULL);
    assert_non_null(doc);
    assert_int_equal(json_string_length(json_object_get(doc, "value")), HIT_VALUE_MAX / 3 * 3);
    json_decref(doc);
    buf_done(&out);
    fixture_end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_are_valid_json_whatever_they_hold),
        cmocka_unit_test(a_hit_is_the_line_of_the_contract),
        cmocka_unit_test(every_source_says_what_it_knows),
        cmocka_unit_test(a_long_value_is_cut_between_characters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
