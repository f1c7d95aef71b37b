#include "intel/json_mark.h"
#include "lib/check.h"

#include <stdbool.h>

#include <stdlib.h>
#include <string.h>

static void every_kind_marks_the_same(void **state)
{
    (void)state;
    enum { WORDS = 40, BYTES = 64 * WORDS };
    static const char LIKELY[] = "\":[ \n\t{},\\a1";
    static char text[BYTES + JSON_MARK_PADDING];
    uint64_t seed = 88172645463325252u;
    size_t plain = 0;
    while (json_mark_nth(plain + 1))
        plain++; /* the last one is portable */
    assert_true(json_mark_runs(plain));
    for (int round = 0; round < 200; round++) {
        for (size_t i = 0; i < sizeof text; i++) {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            text[i] = round % 4 == 0 ? (char)(seed >> 20) : LIKELY[(seed >> 20) % (sizeof LIKELY - 1)];
        }
        uint64_t want[WORDS];
        json_mark_nth(plain)(text, WORDS, want);
        for (size_t k = 0; k < plain; k++) {
            uint64_t got[WORDS];
            if (!json_mark_runs(k))
                continue;
            json_mark_nth(k)(text, WORDS, got);
            assert_memory_equal(got, want, sizeof want);
        }
    }
}

static void ends_of_keys_are_marked(void **state)
{
    (void)state;
    char text[64 + JSON_MARK_PADDING] = "{\"a\":\"b\",\"c\": 1,\"d\" :[],\"e\":5,\"f\":[\"g\"]}";
    uint64_t marks;
    json_mark_best()(text, 1, &marks);
    for (size_t i = 0; i < strlen(text); i++) {
        bool end_of_key = text[i] == '"' && strchr("acdf", text[i - 1]) && i > 1;
        if (end_of_key)
            assert_true(marks >> i & 1);
        if (text[i] != '"')
            assert_false(marks >> i & 1);
    }
    assert_false(marks >> (strchr(text, 'e') - text + 1) & 1); /* a number is of no interest */
    assert_false(marks >> (strchr(text, 'b') - text + 1) & 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_marks_the_same),
        cmocka_unit_test(ends_of_keys_are_marked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
