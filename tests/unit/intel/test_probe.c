#include "intel/probe.h"
#include "unit/intel/block_fixture.h"
#include "unit/intel/index_fixture.h"

#include <stdio.h>

static struct probe probe;
static struct tokens tokens;

/* Values of one type, found or not; the text goes into a block of its own. */
static bool found(const struct index *index, enum field_type type, enum field_group group, const char *value)
{
    char *block = block_fixture(value, strlen(value));
    probe_init(&probe, index);
    tokens.count = 1;
    tokens.at[0] = (struct token){
        .size = (uint32_t)strlen(value), .type = (uint8_t)type, .group = (uint8_t)group};
    probe_run(&probe, block, &tokens);
    block_fixture_free(block);
    return tokens.at[0].found;
}

static void open_some(struct index_fixture *f)
{
    fixture_begin(f);
    fixture_add(f, "evil.example", "l", "");
    fixture_add(f, "deep.under.other.example", "l", "");
    fixture_add(f, "192.0.2.1", "l", "");
    fixture_add(f, "198.51.100.7:8080", "l", "");
    fixture_add(f, "2001:db8::/32", "l", "");
    fixture_add(f, "http://files.example/a", "l", "");
    fixture_add(f, "+86138*", "l", "");
    fixture_add(f, "d41d8cd98f00b204e9800998ecf8427e", "l", "");
    fixture_open(f);
}

static void what_has_an_indicator_is_found(void **state)
{
    (void)state;
    static const struct {
        enum field_type type;
        enum field_group group;
        const char *value;
        bool want;
    } ROWS[] = {
        {FIELD_NAME, GROUP_NONE, "evil.example", true},
        {FIELD_NAME, GROUP_NONE, "A.B.EVIL.Example.", true},
        {FIELD_NAME, GROUP_NONE, "notevil.example", false},
        {FIELD_NAME, GROUP_NONE, "example", false},
        {FIELD_NAME, GROUP_NONE, ".", false},
        {FIELD_NAME, GROUP_NONE, "under.other.example", false},
        {FIELD_NAME, GROUP_NONE, "x.deep.under.other.example", true},
        {FIELD_NAME, GROUP_NONE, "no\\.evil.example", false}, /* its first label is "no.evil" */
        {FIELD_NAME, GROUP_NONE, "not\\.evil\\.example", false},
        {FIELD_NAME, GROUP_NONE, "ｅｖｉｌ.example", true},
        {FIELD_NAME, GROUP_NONE,
         "a-first-label-of-some-length.a-second-label-of-some-length.a-third.a-fourth.a-fifth.evil.example",
         true},
        {FIELD_NAME, GROUP_NONE,
         "x.a-label-that-fills-the-window-alone-with-its-sixty-three-bytesss.evil.example", true},
        {FIELD_NAME, GROUP_NONE,
         "deep.under.a-label-that-fills-the-window-alone-with-its-sixty-three-bytes.example", false},
        {FIELD_HOST, GROUP_NONE, "evil.example:443", true},
        {FIELD_HOST, GROUP_NONE, "192.0.2.1", true},
        {FIELD_HOST, GROUP_NONE, "192.0.2.1:80", true},
        {FIELD_HOST, GROUP_NONE, "192.0.2.10", false},
        {FIELD_HOST, GROUP_HTTP, "files.example", true}, /* its path is in another field */
        {FIELD_HOST, GROUP_HTTP, "good.example", false},
        {FIELD_IP, GROUP_SOURCE, "198.51.100.7", true}, /* its port is in another field */
        {FIELD_IP, GROUP_SOURCE, "198.51.100.8", false},
        {FIELD_IP, GROUP_SOURCE, "2001:db8::5", true},
        {FIELD_IP, GROUP_NONE, "-", false},
        {FIELD_URL, GROUP_NONE, "http://files.example/a?b", true},
        {FIELD_URL, GROUP_NONE, "https://x.evil.example/", true},
        {FIELD_URL, GROUP_NONE, "https://good.example/evil.example", false},
        {FIELD_URL, GROUP_NONE, "https://192.0.2.1/x", true},
        {FIELD_URL, GROUP_NONE, "https://user@evil.example:8443/x", true},
        {FIELD_PATH, GROUP_HTTP, "/a", false},
        {FIELD_PATH, GROUP_HTTP, "http://evil.example/a", true},
        {FIELD_PATH, GROUP_HTTP, "sip:+8613800138000@good.example", true},
        {FIELD_EMAIL, GROUP_NONE, "x <y@evil.example>", true},
        {FIELD_SUBJECT, GROUP_NONE, "CN=evil.example", true},
        {FIELD_DIGEST, GROUP_NONE, "D41D8CD98F00B204E9800998ECF8427E", true},
        {FIELD_ANY, GROUP_NONE, "+8613800138000", true},
        {FIELD_ANY, GROUP_NONE, "evil.example", true},
        {FIELD_ANY, GROUP_NONE, "192.0.2.1", true},
        {FIELD_ANY, GROUP_NONE, "192.0.2.1/32", true},
        {FIELD_ANY, GROUP_NONE, "good.example", false},
    };
    struct index_fixture f;
    open_some(&f);
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++)
        if (found(f.index, ROWS[i].type, ROWS[i].group, ROWS[i].value) != ROWS[i].want)
            fail_msg("%s: %s", ROWS[i].value, ROWS[i].want ? "not found" : "found");
    fixture_end(&f);
}

/* Thousands of names and addresses at once agree with a look at each alone. */
static void a_batch_finds_what_single_looks_find(void **state)
{
    (void)state;
    struct index_fixture f;
    static char text[TOKENS_MAX * 40];
    fixture_begin(&f);
    for (unsigned i = 0; i < 4000; i++) {
        char line[64];
        (void)snprintf(line, sizeof line, i % 3 ? "h%u.d%u.example" : "d%u.test", i % 61, i % 97);
        fixture_add(&f, line, "l", "");
        (void)snprintf(line, sizeof line, "10.%u.%u.%u", i % 7, i % 250, i % 11);
        fixture_add(&f, line, "l", "");
    }
    fixture_open(&f);
    size_t at = 0;
    tokens.count = 0;
    for (unsigned i = 0; i < TOKENS_MAX; i++) {
        int n = snprintf(text + at, sizeof text - at, i % 4 ? "x%u.h%u.d%u.example" : "10.%u.%u.%u", i % 5,
                         i % 71, i % 101);
        tokens.at[tokens.count++] = (struct token){
            .at = (uint32_t)at, .size = (uint32_t)n, .type = FIELD_HOST};
        at += (size_t)n;
    }
    char *block = block_fixture(text, at);
    probe_init(&probe, f.index);
    probe_run(&probe, block, &tokens);
    size_t total = 0;
    for (size_t i = 0; i < tokens.count; i++) {
        struct str value = {block + tokens.at[i].at, tokens.at[i].size};
        assert_int_equal(tokens.at[i].found, probe_value(&probe, FIELD_HOST, value));
        total += tokens.at[i].found;
    }
    assert_true(total > 10 && total < TOKENS_MAX - 10);
    block_fixture_free(block);
    fixture_end(&f);
}

static void an_empty_index_finds_nothing(void **state)
{
    (void)state;
    struct index_fixture f;
    fixture_begin(&f);
    fixture_open(&f);
    assert_false(found(f.index, FIELD_NAME, GROUP_NONE, "evil.example"));
    assert_false(found(f.index, FIELD_HOST, GROUP_HTTP, "192.0.2.1"));
    assert_false(found(f.index, FIELD_IP, GROUP_NONE, "2001:db8::1"));
    assert_false(found(f.index, FIELD_URL, GROUP_NONE, "http://evil.example/"));
    fixture_end(&f);
}

static void a_top_level_domain_is_an_indicator_too(void **state)
{
    (void)state;
    struct index_fixture f;
    fixture_begin(&f);
    fixture_add(&f, ".zip", "l", "");
    fixture_open(&f);
    assert_true(found(f.index, FIELD_NAME, GROUP_NONE, "a.zip"));
    assert_true(found(f.index, FIELD_NAME, GROUP_NONE, "zip"));
    assert_false(found(f.index, FIELD_NAME, GROUP_NONE, "zip.example"));
    fixture_end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_has_an_indicator_is_found),
        cmocka_unit_test(a_batch_finds_what_single_looks_find),
        cmocka_unit_test(an_empty_index_finds_nothing),
        cmocka_unit_test(a_top_level_domain_is_an_indicator_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
