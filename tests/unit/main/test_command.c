#include "main/command.h"

#include "lib/check.h"
#include "main/args.h"

#include <string.h>

enum { WORDS_MAX = 32 };

static void every_command_is_told_in_full(void **state)
{
    (void)state;
    const struct command *c;
    size_t count = 0;
    for (; (c = command_at(&COMMANDS, count)) != NULL; count++) {
        if (!c->summary || !c->run || !c->examples || !c->examples->line)
            fail_msg("'%s' lacks a summary, an example or its function", c->name);
        if ((c->operands != NULL) != (c->operands_max > 0) || c->operands_min > c->operands_max)
            fail_msg("'%s' shows operands that it does not take, or the reverse", c->name);
        if (command_find(&COMMANDS, c->name) != c)
            fail_msg("'%s' is there twice", c->name);
    }
    assert_true(count > 0);
}

static void check_option(const struct command *c, const struct option_row *row)
{
    if (!row->text || (row->kind == OPTION_FLAG) != (row->value == NULL))
        fail_msg("'%s' --%s lacks its text, or a value name, or is a flag with one", c->name, row->name);
    if (args_option(c, row->name, strlen(row->name)) != row)
        fail_msg("'%s' --%s is there twice", c->name, row->name);
    if (row->kind == OPTION_INT && row->min >= row->max)
        fail_msg("'%s' --%s has no range", c->name, row->name);
    for (const struct option_row *other = ARGS_COMMON; other->name; other++)
        if (streq(other->name, row->name) || (row->letter && row->letter == other->letter))
            fail_msg("'%s' --%s hides a common option", c->name, row->name);
}

static void every_option_is_told_in_full(void **state)
{
    (void)state;
    const struct command *c;
    for (size_t i = 0; (c = command_at(&COMMANDS, i)) != NULL; i++)
        for (const struct option_row *row = c->options; row && row->name; row++)
            check_option(c, row);
}

/* The words behind "fengsui " up to a pipe or a redirection; quotes as a shell reads them, simply. */
static size_t split(char *line, const char **words)
{
    size_t count = 0;
    for (char *p = line; *p;) {
        p += strspn(p, " ");
        if (strchr("|<>;&#", *p))
            break;
        char quote = *p == '\'' || *p == '"' ? *p : ' ';
        if (quote != ' ')
            p++;
        char *end = strchr(p, quote);
        words[count++] = p;
        assert_true(count < WORDS_MAX);
        if (!end)
            break;
        *end = '\0';
        p = end + 1;
    }
    return count;
}

static void every_example_is_a_line_that_its_command_takes(void **state)
{
    (void)state;
    const struct command *c;
    for (size_t i = 0; (c = command_at(&COMMANDS, i)) != NULL; i++) {
        for (const struct example_row *row = c->examples; row->line; row++) {
            char want[64];
            (void)snprintf(want, sizeof want, "fengsui %s", c->name);
            const char *at = strstr(row->line, want);
            if (!at)
                fail_msg("'%s' is an example of another command than '%s'", row->line, c->name);
            struct arena arena;
            struct args args;
            struct err err;
            const char *words[WORDS_MAX];
            arena_init(&arena, 1 << 20);
            char *copy = arena_strdup(&arena, at + strlen(want));
            if (args_parse(c, words, split(copy, words), &arena, &args, &err) < 0)
                fail_msg("'%s': %s", row->line, err.message);
            arena_done(&arena);
        }
    }
}

static void families_are_known_by_their_first_word(void **state)
{
    (void)state;
    static const struct command ROWS[] = {{.name = "rules check"}, {.name = "grade"}, {0}};
    static const struct command_group GROUP = {"g", ROWS};
    static const struct command_group *const GROUPS[] = {&GROUP};
    static const struct command_table TABLE = {GROUPS, 1};
    assert_true(command_is_family(&TABLE, "rules"));
    assert_false(command_is_family(&TABLE, "rule"));
    assert_false(command_is_family(&TABLE, "grade"));
    assert_null(command_find(&TABLE, "rules"));
    assert_null(command_at(&TABLE, 2));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_command_is_told_in_full),
        cmocka_unit_test(every_option_is_told_in_full),
        cmocka_unit_test(every_example_is_a_line_that_its_command_takes),
        cmocka_unit_test(families_are_known_by_their_first_word),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
