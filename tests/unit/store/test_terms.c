#include "store/terms.h"
#include "lib/check.h"

#include <string.h>

static void check_terms(const char *text, const char *want)
{
    struct buf out;
    buf_init(&out, TERMS_CAP_BYTES);
    buf_adds(&out, "");
    terms_add(&out, text, strlen(text));
    assert_string_equal(out.data, want);
    buf_done(&out);
}

static void check_query(const char *text, const char *want)
{
    struct buf out;
    struct err err;
    bool any = false;
    buf_init(&out, TERMS_CAP_BYTES);
    buf_adds(&out, "");
    assert_ok(terms_query(text, &out, &any, &err), &err);
    assert_string_equal(out.data, want);
    assert_int_equal(any, *want != '\0');
    buf_done(&out);
}

static void chinese_becomes_pairs_and_the_rest_words(void **state)
{
    (void)state;
    check_terms("浙江电信", "浙江 江电 电信 信");
    check_terms("浙江电信 DNS 故障", "浙江 江电 电信 信 dns 故障 障");
    check_terms("DNS故障", "dns 故障 障");
    check_terms("网", "网");
    check_terms("CVE-2021-44228", "cve 2021 44228");
    check_terms("ＤＮＳ１１０", "dns110");
    check_terms("电信,联通。移动", "电信 信 联通 通 移动 动");
    check_terms("Ünïted", "Ünïted");
    check_terms(" \"'*(){}:^-+ ", "");
    check_terms("", "");
}

static void a_part_of_the_query_is_a_phrase_that_may_go_on(void **state)
{
    (void)state;
    check_query("江电", "\"江电\"");
    check_query("浙江电信", "\"浙江 江电 电信\"");
    check_query("网", "\"网\" *");
    check_query("DNS故障", "\"dns 故障\"");
    check_query("故障DNS", "\"故障 障 dns\"");
    check_query("dns网", "\"dns 网\" *");
    check_query("浙江 DNS", "\"浙江\" AND \"dns\"");
    check_query("\" OR search MATCH \"x", "\"or\" AND \"search\" AND \"match\" AND \"x\"");
    check_query("  \t", "");
    check_query("*", "");
}

static void bad_utf8_is_refused(void **state)
{
    (void)state;
    struct buf out;
    struct err err;
    bool any;
    buf_init(&out, 100);
    assert_code(terms_query("\xff\xfe", &out, &any, &err), ERR_INVALID);
    buf_done(&out);
}

static void documents_give_their_texts_and_numbers(void **state)
{
    (void)state;
    struct buf out;
    buf_init(&out, TERMS_CAP_BYTES);
    json_t *doc = json_pack("{s:s, s:i, s:[s,{s:s}], s:b, s:[s]}", "a", "电信", "n", 600, "l", "X1", "deep",
                            "障碍", "t", 1, "gradings", "特别重大");
    terms_add_doc(&out, doc);
    assert_string_equal(out.data, "电信 信 600 x1 障碍 碍");
    int64_t hash = terms_hash(&out);
    buf_adds(&out, " y");
    assert_true(terms_hash(&out) != hash);
    json_decref(doc);
    buf_done(&out);
}

static void too_much_text_is_left_out_and_long_words_are_cut(void **state)
{
    (void)state;
    struct buf out;
    char word[301] = "";
    buf_init(&out, TERMS_CAP_BYTES);
    memset(word, 'a', 300);
    terms_add(&out, word, 300);
    assert_in_range(out.size_bytes, 60, 70);
    for (int i = 0; i < 100000; i++)
        terms_add(&out, "浙江 x", strlen("浙江 x"));
    assert_false(out.failed);
    assert_in_range(out.size_bytes, TERMS_BYTES_MAX, TERMS_CAP_BYTES);
    buf_done(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chinese_becomes_pairs_and_the_rest_words),
        cmocka_unit_test(a_part_of_the_query_is_a_phrase_that_may_go_on),
        cmocka_unit_test(bad_utf8_is_refused),
        cmocka_unit_test(documents_give_their_texts_and_numbers),
        cmocka_unit_test(too_much_text_is_left_out_and_long_words_are_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
