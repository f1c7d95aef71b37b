#include "lib/check.h"
#include "lib/shared.h"
#include "unit/main/cli_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char folder[] = "/tmp/fengsui-test-XXXXXX";

static void put(const char *name, const char *text)
{
    char path[128];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    (void)fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

/* Every "@" of the line becomes the folder. */
static struct cli_result run(const char *line, const char *input)
{
    char words[1024];
    size_t n = 0;
    for (const char *p = line; *p; p++)
        n += (size_t)snprintf(words + n, sizeof words - n, *p == '@' ? "%s" : "%.1s", *p == '@' ? folder : p);
    return cli_fixture_run(&COMMANDS, words, input);
}

static void expect(const char *line, const char *input, int code, const char *out, const char *err)
{
    struct cli_result result = run(line, input);
    if (result.code != code || strcmp(result.out, out) != 0 || !strstr(result.err, err))
        fail_msg("%s gave %d\n%s\n%s", line, result.code, result.out, result.err);
    cli_fixture_done(&result);
}

static int make_index(void **state)
{
    (void)state;
    assert_non_null(mkdtemp(folder));
    put("list.txt", "evil.example\n192.0.2.0/24\nhttp://files.example/a\n");
    struct cli_result result = run("index build -o @/bad.idx @/list.txt", "");
    assert_int_equal(result.code, CLI_DONE);
    cli_fixture_done(&result);
    return 0;
}

static int drop_folder(void **state)
{
    (void)state;
    shared_remove(folder);
    return 0;
}

static void a_hit_is_a_line_of_json(void **state)
{
    (void)state;
    expect(
        "match -i @/bad.idx", "good.example\na.b.evil.example\n", CLI_DONE,
        "{\"file\":\"-\",\"line\":2,\"field\":\"value\",\"kind\":\"domain\",\"value\":\"a.b.evil.example\","
        "\"indicator\":\"evil.example\",\"source\":\"list.txt\"}\n",
        "");
    expect(
        "match -i @/bad.idx --threads 1 -",
        "{\"event_type\":\"dns\",\"dns\":{\"rrname\":\"evil.example\"}}\n", CLI_DONE,
        "{\"file\":\"-\",\"line\":1,\"field\":\"dns.rrname\",\"kind\":\"domain\",\"value\":\"evil.example\","
        "\"indicator\":\"evil.example\",\"source\":\"list.txt\"}\n",
        "");
    expect("match -i @/bad.idx", "notevil.example\nevil.example.org\n", CLI_DONE, "", "");
    expect("match -i @/bad.idx", "", CLI_DONE, "", "");
}

static void counts_are_by_kind(void **state)
{
    (void)state;
    struct cli_result result = run("match -i @/bad.idx --count",
                                   "evil.example\n192.0.2.9\nx.evil.example\nfiles.example/a\n");
    json_error_t why;
    json_t *doc = json_loads(result.out, 0, &why);
    assert_non_null(doc);
    assert_int_equal(json_integer_value(json_object_get(doc, "domain")), 2);
    assert_int_equal(json_integer_value(json_object_get(doc, "ipv4")), 1);
    assert_int_equal(json_integer_value(json_object_get(doc, "url")), 1);
    assert_int_equal(json_integer_value(json_object_get(doc, "total")), 4);
    assert_int_equal(json_integer_value(json_object_get(doc, "lines")), 4);
    json_decref(doc);
    cli_fixture_done(&result);
}

static void the_format_can_be_said(void **state)
{
    (void)state;
    const char *line = "{\"dns\":{\"rrname\":\"evil.example\"}}\n";
    struct cli_result result = run("match -i @/bad.idx --format text", line);
    assert_int_equal(result.out_bytes, 0);
    cli_fixture_done(&result);
    result = run("match -i @/bad.idx --format auto", line);
    assert_non_null(strstr(result.out, "dns.rrname"));
    cli_fixture_done(&result);
    expect("match -i @/bad.idx --format pcap", line, CLI_USAGE, "", "--format takes");
}

static void good_lists_hold_hits_back_and_say_so(void **state)
{
    (void)state;
    put("own.txt", "fine.evil.example\n");
    put("top.json", "{\"name\":\"Top\",\"type\":\"hostname\",\"list\":[\"files.example\"]}");
    expect("match -i @/bad.idx --allow @/own.txt", "x.fine.evil.example\n", CLI_DONE, "",
           "1 hits were held back");
    expect(
        "match -i @/bad.idx --allow @/own.txt --held", "fine.evil.example\n", CLI_DONE,
        "{\"file\":\"-\",\"line\":1,\"field\":\"value\",\"kind\":\"domain\",\"value\":\"fine.evil.example\","
        "\"indicator\":\"evil.example\",\"source\":\"list.txt\",\"held_by\":{\"indicator\":\"fine.evil."
        "example\","
        "\"source\":\"own.txt\"}}\n",
        "");
    struct cli_result result = run("match -i @/bad.idx --known-good @/top.json", "http://files.example/a\n");
    assert_non_null(strstr(result.out, "\"kind\":\"url\"")); /* the URL says more than the host */
    cli_fixture_done(&result);
    expect("match -i @/bad.idx --allow @/top.json", "http://files.example/a\n", CLI_DONE, "",
           "1 hits were held back");
}

static void one_bad_file_does_not_stop_the_others(void **state)
{
    (void)state;
    put("a.log", "evil.example\n");
    struct cli_result result = run("match -i @/bad.idx @/none.log @/a.log", "");
    assert_int_equal(result.code, CLI_FAILED);
    assert_non_null(strstr(result.out, "a.log"));
    assert_non_null(strstr(result.err, "none.log"));
    cli_fixture_done(&result);
}

static void what_cannot_be_done_is_said(void **state)
{
    (void)state;
    put("no.idx", "nothing like an index");
    expect("match -i @/no.idx", "evil.example\n", CLI_FAILED, "", "not an index");
    expect("match -i @/none.idx", "", CLI_FAILED, "", "none.idx");
    expect("match", "", CLI_USAGE, "", "--index");
    expect("match -i @/bad.idx --follow", "", CLI_USAGE, "", "files to follow");
    expect("match -i @/bad.idx --allow @/none.txt", "", CLI_FAILED, "", "none.txt");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_hit_is_a_line_of_json),
        cmocka_unit_test(counts_are_by_kind),
        cmocka_unit_test(the_format_can_be_said),
        cmocka_unit_test(good_lists_hold_hits_back_and_say_so),
        cmocka_unit_test(one_bad_file_does_not_stop_the_others),
        cmocka_unit_test(what_cannot_be_done_is_said),
    };
    return cmocka_run_group_tests(tests, make_index, drop_folder);
}
