#include "unit/intel/block_fixture.h"
#include "unit/intel/json_fixture.h"

#include <stdio.h>

static struct field_table table;
static struct tokens tokens;
static struct read_space space;

/* Every token of a text. */
static size_t scan_all(const char *block, size_t size, struct token *out, size_t room)
{
    struct json_scan scan;
    size_t count = 0;
    json_scan_init(&scan, &table, block, size);
    for (bool more = true; more;) {
        tokens.count = 0;
        more = json_scan_more(&scan, &tokens);
        assert_true(count + tokens.count <= room);
        memcpy(out + count, tokens.at, tokens.count * sizeof *out);
        count += tokens.count;
    }
    return count;
}

static const char *told(const char *text)
{
    static char out[1024];
    struct token all[64];
    size_t n = 0;
    char *block = block_fixture(text, strlen(text));
    size_t count = scan_all(block, strlen(text), all, 64);
    out[0] = '\0';
    for (size_t i = 0; i < count; i++)
        n += (size_t)snprintf(out + n, sizeof out - n, "%.*s\n", (int)all[i].size, block + all[i].at);
    block_fixture_free(block);
    return out;
}

static void values_are_found_by_their_keys(void **state)
{
    (void)state;
    field_table_init(&table, FAMILY_JSON);
    assert_string_equal(told("{\"rrname\":\"a\",\"x\":\"b\",\"dns\":{\"rdata\":\"c\"}}"), "a\nc\n");
    assert_string_equal(told("{\"rrname\" : \"a\",\"rdata\": [ \"b\" , {\"sni\":\"c\"}, [\"d\"], \"e\" ]}"),
                        "a\nb\nd\ne\nc\n");
    assert_string_equal(told("{\"a.rrname\":\"a\",\"xrrname\":\"b\"}"), "a\n");
    assert_string_equal(told("{\"rrname\":\":x\",\"x\":\"\\\"rrname\\\":\\\"no\\\"\"}"), ":x\n");
    assert_string_equal(told("{\"rrname\":\"\",\"rdata\":\"x"), "");
    assert_string_equal(told("{\"\\u0072rname\":\"a\"}"), "a\n");
}

static struct token seen[4096];
static size_t seen_count;
static const char *seen_block;

static void must_be_seen(void *context, const struct field *field)
{
    (void)context;
    if (field->rule->type == FIELD_PORT || field->value.n == 0)
        return;
    for (size_t i = 0; i < seen_count; i++) {
        space.used = 0;
        struct str value = json_decode((struct str){seen_block + seen[i].at, seen[i].size}, &space);
        bool same = value.n == field->value.n && memcmp(value.p, field->value.p, value.n) == 0;
        bool wide = seen[i].type == FIELD_PATH;
        if (same && (wide || seen[i].type == field->rule->type) &&
            seen[i].escaped == (value.p == space.bytes))
            return;
    }
    fail_msg("not found: %.*s=%.*s", (int)field->name.n, field->name.p, (int)field->value.n, field->value.p);
}

/* What the exact reader gives, the scan has found. */
static void nothing_is_missed(void **state)
{
    (void)state;
    static struct json_random random = {.seed = 1181783497276652981u};
    static struct read_space exact_space;
    field_table_init(&table, FAMILY_JSON);
    for (int i = 0; i < 20000; i++) {
        json_random_record(&random, i % 3 == 0);
        char *block = block_fixture(random.text, random.size);
        seen_block = block;
        seen_count = scan_all(block, random.size, seen, sizeof seen / sizeof seen[0]);
        assert_true(json_read(&table, (struct str){block, random.size}, &exact_space, must_be_seen, NULL));
        block_fixture_free(block);
    }
}

static void arrays_larger_than_the_list_of_tokens(void **state)
{
    (void)state;
    enum { COUNT = 3 * TOKENS_MAX + 5 };
    static struct token all[COUNT + 8];
    enum { ROOM = 8 * COUNT + 64 };
    char *text = malloc(ROOM);
    assert_non_null(text);
    size_t n = (size_t)snprintf(text, ROOM, "{\"answers\":[\"0\"");
    for (int i = 1; i < COUNT; i++)
        n += (size_t)snprintf(text + n, ROOM - n, ",\"%d\"", i);
    n += (size_t)snprintf(text + n, ROOM - n, "],\"rrname\":\"x\"}");
    field_table_init(&table, FAMILY_JSON);
    char *block = block_fixture(text, n);
    assert_int_equal(scan_all(block, n, all, COUNT + 8), COUNT + 1);
    block_fixture_free(block);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_found_by_their_keys),
        cmocka_unit_test(nothing_is_missed),
        cmocka_unit_test(arrays_larger_than_the_list_of_tokens),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
