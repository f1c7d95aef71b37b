#include "main/completion.h"

#include "lib/check.h"
#include "main/args.h"

#include <stdlib.h>
#include <string.h>

static const struct option_row OPTIONS[] = {
    {.name = "colour", .kind = OPTION_CHOICE, .value = "red|orange", .text = "its colour"},
    {.name = "peer", .kind = OPTION_TEXT, .value = "ID", .repeated = true, .text = "a peer"},
    {.name = "quiet", .text = "say less"},
    {0},
};
static const struct command ROWS[] = {
    {.name = "may", .summary = "is it allowed", .options = OPTIONS},
    {.name = "rules check", .summary = "check them"},
    {.name = "rules list", .summary = "list them"},
    {.name = "help", .summary = "show help"},
    {0},
};
/* A family may stand in several groups. */
static const struct command MORE[] = {{.name = "rules show", .summary = "show them"}, {0}};
static const struct command_group GROUP = {"Test", ROWS};
static const struct command_group OTHER = {"Other", MORE};
static const struct command_group *const GROUPS[] = {&GROUP, &OTHER};
static const struct command_table TABLE = {GROUPS, 2};

static void gives(const char *const *words, const char *want)
{
    size_t count = 0;
    while (words[count])
        count++;
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    completion_words(&TABLE, words, count, out);
    (void)fclose(out);
    assert_string_equal(text, want);
    free(text);
}

#define GIVES(want, ...) gives((const char *const[]){__VA_ARGS__, NULL}, want)

static void offers_commands_by_their_words(void **state)
{
    (void)state;
    GIVES("may\tis it allowed\nrules\tsee its commands\nhelp\tshow help\n", "");
    GIVES("rules\tsee its commands\n", "ru");
    GIVES("check\tcheck them\nlist\tlist them\nshow\tshow them\n", "rules", "");
    GIVES("list\tlist them\n", "help", "rules", "l");
    GIVES("may\tis it allowed\n", "help", "m");
    GIVES("", "help", "may", "--");
    GIVES("", "nothing", "");
}

static void offers_options_that_are_not_given_yet(void **state)
{
    (void)state;
    GIVES("--colour\tits colour\n", "may", "--c");
    GIVES("", "may", "--colour", "red", "--c");
    GIVES("--peer\ta peer\n", "may", "--peer", "a", "--p");
    GIVES("--json\twrite results and errors as JSON\n", "rules", "check", "--j");
    GIVES("", "may", "fi");
}

static void offers_the_choices_of_an_option(void **state)
{
    (void)state;
    GIVES("red\tits colour\norange\tits colour\n", "may", "--colour", "");
    GIVES("orange\tits colour\n", "may", "--colour", "or");
    GIVES("orange\tits colour\n", "may", "--colour", "=", "or");
    GIVES("red\tits colour\norange\tits colour\n", "may", "--colour", "=");
    GIVES("--colour=red\tits colour\n", "may", "--colour=r");
    GIVES("", "may", "--peer", "-");
    GIVES("", "may", "--nothing=");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(offers_commands_by_their_words),
        cmocka_unit_test(offers_options_that_are_not_given_yet),
        cmocka_unit_test(offers_the_choices_of_an_option),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
