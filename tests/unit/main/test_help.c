#include "main/help.h"
#include "lib/check.h"

#include <stdlib.h>
#include <string.h>

static const struct command ROWS[] = {
    {
        .name = "index build",
        .summary = "build an index",
        .operands = "FILE…",
        .operands_min = 1,
        .operands_max = SIZE_MAX,
        .options =
            (const struct option_row[]){
                {.name = "output",
                 .letter = 'o',
                 .kind = OPTION_TEXT,
                 .value = "INDEX",
                 .required = true,
                 .text = "where to write it"},
                {.name = "a-very-long-option-name",
                 .kind = OPTION_CHOICE,
                 .value = "one|two|three",
                 .repeated = true,
                 .text = "its text"},
                {0},
            },
        .details = "A paragraph.",
        .examples = (const struct example_row[]){{"fengsui index build -o i a.txt", "builds it"}, {0}},
    },
    {0},
};
static const struct command_group GROUP = {"Indicators", ROWS};
static const struct command_group *const GROUPS[] = {&GROUP};
static const struct command_table TABLE = {GROUPS, 1};

static void a_commands_page_shows_usage_options_and_examples(void **state)
{
    (void)state;
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    help_command(&ROWS[0], out, false);
    (void)fclose(out);
    assert_string_equal(text, "fengsui index build — build an index\n"
                              "\nUsage\n  fengsui index build --output INDEX [OPTION…] FILE…\n"
                              "\nA paragraph.\n"
                              "\nOptions\n"
                              "  -o, --output INDEX             where to write it (required)\n"
                              "      --a-very-long-option-name one|two|three\n"
                              "                                 its text (may be repeated)\n"
                              "  -h, --help                     show the help of the command\n"
                              "      --json                     write results and errors as JSON\n"
                              "      --no-color                 no colours; the same as NO_COLOR=1 in the "
                              "environment\n"
                              "\nExamples\n  fengsui index build -o i a.txt\n      builds it\n");
    free(text);
}

static void the_programs_page_shows_groups_and_commands(void **state)
{
    (void)state;
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    help_program(&TABLE, out, false);
    help_family(&TABLE, "index", out, true);
    (void)fclose(out);
    assert_non_null(strstr(text, "\nIndicators\n  index build        build an index\n"));
    assert_non_null(strstr(text, "fengsui index COMMAND"));
    assert_non_null(strstr(text, "\033[1mCommands\033[0m\n  index build        build an index\n"));
    free(text);
}

static void a_group_of_many_shows_each_first_word_once(void **state)
{
    static char names[30][16];
    static struct command rows[31];
    static const struct command_group MANY = {"Many", rows};
    static const struct command_group *const LISTED[] = {&MANY};
    static const struct command_table LONG = {LISTED, 1};
    char *text = NULL;
    size_t size = 0;
    (void)state;
    for (int i = 0; i < 30; i++) {
        (void)snprintf(names[i], sizeof names[i], "%s verb-%d", i < 20 ? "incident" : "warning", i);
        rows[i] = (struct command){.name = names[i], .summary = "x"};
    }
    FILE *out = open_memstream(&text, &size);
    help_program(&LONG, out, false);
    (void)fclose(out);
    assert_non_null(strstr(text, "\n  incident           verb-0, verb-1, "));
    assert_non_null(strstr(text, "\n  warning            verb-20, "));
    assert_null(strstr(text, "incident verb-1"));
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_commands_page_shows_usage_options_and_examples),
        cmocka_unit_test(the_programs_page_shows_groups_and_commands),
        cmocka_unit_test(a_group_of_many_shows_each_first_word_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
