#include "intel/sweep.h"
#include "unit/intel/block_fixture.h"
#include "unit/intel/index_fixture.h"
#include "unit/intel/json_fixture.h"

#include <stdio.h>

struct swept {
    char text[1 << 16];
    size_t size;
};

static void take(void *context, const struct finding *finding)
{
    struct swept *told = context;
    char indicator[INDICATOR_TEXT_SIZE];
    (void)find_format(finding->hit, indicator);
    told->size += (size_t)snprintf(told->text + told->size, sizeof told->text - told->size, "%.*s %.*s %s\n",
                                   (int)finding->field->name.n, finding->field->name.p, (int)finding->value.n,
                                   finding->value.p, indicator);
    assert_true(told->size < sizeof told->text);
}

static struct decoder decoder;
static struct swept told;

static const char *run(const struct index *index, enum decoder_format format, const char *text, size_t size)
{
    struct sweep *sweep;
    struct err err;
    char *block = block_fixture(text, size);
    told.size = 0;
    told.text[0] = '\0';
    assert_ok(sweep_new(&sweep, &err), &err);
    examiner_init(sweep_examiner(sweep), NULL, take, &told);
    decoder_init(&decoder, format, (struct str){text, size});
    assert_ok(sweep_block(sweep, index, &decoder, block, size, &err), &err);
    sweep_free(sweep);
    block_fixture_free(block);
    return told.text;
}

static void open_bad(struct index_fixture *f)
{
    static const char *const LIST[] = {"evil.example",  "10.1.2.3",
                                       "192.0.2.0/24",  "http://evil.example/a",
                                       "2001:db8::/32", "d41d8cd98f00b204e9800998ecf8427e",
                                       "192.0.2.1:443", "+8613800138000"};
    fixture_begin(f);
    for (size_t i = 0; i < sizeof LIST / sizeof LIST[0]; i++)
        fixture_add(f, LIST[i], "bad", "");
    fixture_open(f);
}

static void records_with_hits_are_told_once_and_in_order(void **state)
{
    (void)state;
    struct index_fixture f;
    open_bad(&f);
    static const char TEXT[] =
        "{\"rrname\":\"evil.example\",\"rdata\":\"10.1.2.3\"}\n{\"rrname\":\"good.example\"}\n"
        "{\"dns\":{\"rrname\":\"b.evil.example\"}}";
    assert_string_equal(run(f.index, FORMAT_EVE, TEXT, strlen(TEXT)),
                        "rrname evil.example evil.example\nrdata 10.1.2.3 10.1.2.3\n"
                        "dns.rrname b.evil.example evil.example\n");
    static const char LINES[] = "evil.example\ngood.example\n10.1.2.3\n\n192.0.2.9";
    assert_string_equal(
        run(f.index, FORMAT_TEXT, LINES, strlen(LINES)),
        "value evil.example evil.example\nvalue 10.1.2.3 10.1.2.3\nvalue 192.0.2.9 192.0.2.0/24\n");
    fixture_end(&f);
}

static void a_header_in_the_middle_changes_the_columns(void **state)
{
    (void)state;
    struct index_fixture f;
    open_bad(&f);
    static const char TEXT[] =
        "#separator \\x09\n#fields\tquery\tx\n#types\tstring\tstring\nevil.example\t10.1.2.3\n"
        "#fields\tx\thost\n#types\tstring\taddr\nevil.example\t10.1.2.3\n";
    assert_string_equal(run(f.index, FORMAT_ZEEK_TSV, TEXT, strlen(TEXT)),
                        "query evil.example evil.example\nhost 10.1.2.3 10.1.2.3\n");
    fixture_end(&f);
}

static void more_fields_in_a_record_than_a_batch_holds(void **state)
{
    (void)state;
    struct index_fixture f;
    char text[4 * TOKENS_MAX * 12];
    open_bad(&f);
    size_t n = (size_t)snprintf(text, sizeof text, "#fields\tanswers\n#types\tvector[string]\n");
    for (unsigned i = 0; i < 3 * TOKENS_MAX; i++)
        n += (size_t)snprintf(text + n, sizeof text - n, "%s%s", i ? "," : "",
                              i % 1000 == 999 ? "evil.example" : "a.b");
    assert_string_equal(run(f.index, FORMAT_ZEEK_TSV, text, n),
                        "answers[999] evil.example evil.example\nanswers[1999] evil.example evil.example\n"
                        "answers[2999] evil.example evil.example\n");
    fixture_end(&f);
}

/* The fast way over a block and the exact way over each of its records tell the same. */
static void nothing_is_missed_and_nothing_added(void **state)
{
    (void)state;
    static struct json_random random = {.seed = 2862933555777941757u};
    static struct swept exact;
    static struct examiner examiner;
    static char text[1 << 17];
    struct index_fixture f;
    struct err err;
    open_bad(&f);
    size_t hits = 0;
    for (int round = 0; round < 600; round++) {
        size_t n = 0;
        exact.size = 0;
        exact.text[0] = '\0';
        examiner_init(&examiner, f.index, take, &exact);
        decoder_init(&decoder, FORMAT_JSON, (struct str){"{}", 2});
        for (int i = 0; i < 20; i++) {
            json_random_record(&random, false);
            for (size_t k = 0; k < random.size; k++)
                if (random.text[k] == '\n' || random.text[k] == '\r')
                    random.text[k] = ' ';
            assert_ok(examine(&examiner, &decoder, (struct str){random.text, random.size}, &err), &err);
            memcpy(text + n, random.text, random.size);
            n += random.size;
            text[n++] = '\n';
        }
        assert_string_equal(run(f.index, FORMAT_JSON, text, n), exact.text);
        hits += exact.size;
    }
    assert_true(hits > 1000);
    fixture_end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_with_hits_are_told_once_and_in_order),
        cmocka_unit_test(a_header_in_the_middle_changes_the_columns),
        cmocka_unit_test(more_fields_in_a_record_than_a_batch_holds),
        cmocka_unit_test(nothing_is_missed_and_nothing_added),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
