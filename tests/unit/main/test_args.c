#include "main/args.h"
#include "lib/check.h"

#include <string.h>

static const struct option_row ROWS[] = {
    {.name = "act", .kind = OPTION_TEXT, .value = "ACT", .required = true, .text = "the act"},
    {.name = "colour", .kind = OPTION_CHOICE, .value = "red|orange|yellow", .text = "the colour"},
    {.name = "days", .letter = 'd', .kind = OPTION_INT, .value = "N", .min = 0, .max = 400, .text = "days"},
    {.name = "bytes", .kind = OPTION_INT, .value = "N", .min = 0, .max = INT64_MAX, .text = "bytes"},
    {.name = "from", .kind = OPTION_DATE, .value = "YYYY-MM-DD", .text = "the first day"},
    {.name = "peer", .letter = 'p', .kind = OPTION_TEXT, .value = "ID", .repeated = true, .text = "a peer"},
    {.name = "quiet", .letter = 'q', .text = "say less"},
    {0},
};
static const struct command COMMAND = {
    .name = "may", .summary = "is it allowed", .operands = "[FILE]", .operands_max = 1, .options = ROWS};

struct fixture {
    struct arena arena;
    struct args args;
    struct err err;
};

static enum errc parse(struct fixture *f, const char *const *words)
{
    size_t count = 0;
    while (words[count])
        count++;
    arena_init(&f->arena, 1 << 20);
    return args_parse(&COMMAND, words, count, &f->arena, &f->args, &f->err);
}

#define PARSE(f, ...) parse(f, (const char *const[]){__VA_ARGS__, NULL})

static void reads_every_form_of_an_option(void **state)
{
    (void)state;
    struct fixture f;
    assert_ok(
        PARSE(&f, "--act=order.issue", "-qd7", "--peer", "a", "-p", "b", "-pc", "--from", "2020-02-29", "-"),
        &f.err);
    assert_string_equal(args_text(&f.args, "act"), "order.issue");
    assert_true(args_has(&f.args, "quiet"));
    assert_int_equal(args_int(&f.args, "days", -1), 7);
    assert_string_equal(args_nth(&f.args, "peer", 0), "a");
    assert_string_equal(args_nth(&f.args, "peer", 2), "c");
    assert_null(args_nth(&f.args, "peer", 3));
    assert_null(args_text(&f.args, "colour"));
    assert_string_equal(args_operand(&f.args, 0), "-");
    assert_null(args_operand(&f.args, 1));
    arena_done(&f.arena);
}

static void two_dashes_end_the_options(void **state)
{
    (void)state;
    struct fixture f;
    assert_ok(PARSE(&f, "--act", "x", "--", "--quiet"), &f.err);
    assert_false(args_has(&f.args, "quiet"));
    assert_string_equal(args_operand(&f.args, 0), "--quiet");
    arena_done(&f.arena);
}

static void refuses(const char *const *words, const char *why)
{
    struct fixture f;
    assert_code(parse(&f, words), ERR_USAGE);
    if (!strstr(f.err.message, why))
        fail_msg("'%s' does not say '%s'", f.err.message, why);
    arena_done(&f.arena);
}

#define REFUSES(why, ...) refuses((const char *const[]){__VA_ARGS__, NULL}, why)

static void wrong_words_are_errors_that_say_what_is_right(void **state)
{
    (void)state;
    REFUSES("--act is missing", "--quiet");
    REFUSES("did you mean --colour", "--act", "x", "--color", "red");
    REFUSES("no option --zzzzzz", "--act", "x", "--zzzzzz");
    REFUSES("no option -z", "--act", "x", "-z");
    REFUSES("red|orange|yellow, not 'blue'", "--act", "x", "--colour", "blue");
    REFUSES("not 're'", "--act", "x", "--colour", "re");
    REFUSES("given twice", "--act", "x", "--act", "y");
    REFUSES("needs a value", "--act");
    REFUSES("takes no value", "--act", "x", "--quiet=1");
    REFUSES("does not take 'b'", "--act", "x", "a", "b");
    REFUSES("2021-02-29", "--act", "x", "--from", "2021-02-29");
}

static void numbers_are_whole_and_in_range(void **state)
{
    (void)state;
    static const char *const BAD[] = {
        "", "x", "7x", "1.5", " 7", "+7", "-1", "401", "99999999999999999999", "0x10", "１"};
    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++)
        REFUSES("--days takes", "--act", "x", "--days", BAD[i]);
    REFUSES("--bytes takes", "--act", "x", "--bytes", "9223372036854775808");
}

static void help_excuses_what_is_missing(void **state)
{
    (void)state;
    struct fixture f;
    assert_ok(PARSE(&f, "--help"), &f.err);
    assert_true(args_has(&f.args, "help"));
    arena_done(&f.arena);
}

static void a_full_arena_is_an_error(void **state)
{
    (void)state;
    struct arena arena;
    struct args args;
    struct err err;
    arena_init(&arena, 8);
    const char *words[] = {"--act", "x"};
    assert_code(args_parse(&COMMAND, words, 2, &arena, &args, &err), ERR_NOMEM);
    arena_done(&arena);
}

static void choices_are_taken_one_by_one(void **state)
{
    (void)state;
    const char *choices = "a|bc|d";
    struct str word;
    size_t bytes = 0;
    size_t count = 0;
    for (; args_next_choice(&choices, &word); count++)
        bytes += word.n;
    assert_int_equal(count, 3);
    assert_int_equal(bytes, 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_every_form_of_an_option),
        cmocka_unit_test(two_dashes_end_the_options),
        cmocka_unit_test(wrong_words_are_errors_that_say_what_is_right),
        cmocka_unit_test(numbers_are_whole_and_in_range),
        cmocka_unit_test(help_excuses_what_is_missing),
        cmocka_unit_test(a_full_arena_is_an_error),
        cmocka_unit_test(choices_are_taken_one_by_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
