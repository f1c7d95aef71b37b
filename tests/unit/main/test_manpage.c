#include "main/manpage.h"
#include "lib/check.h"

#include <stdlib.h>
#include <string.h>

static const struct command ROWS[] = {
    {
        .name = "rules show",
        .summary = "show a clause",
        .operands = "CLAUSE",
        .options = (const struct option_row[]){{.name = "no-text",
                                                .letter = 'n',
                                                .text = "leave the text\\out"},
                                               {0}},
        .details = "First.\n.Second line begins with a dot.",
        .examples = (const struct example_row[]){{"fengsui rules show 4.4", "shows it"}, {0}},
    },
    {0},
};
static const struct command_group GROUP = {"Rules", ROWS};
static const struct command_group *const GROUPS[] = {&GROUP};
static const struct command_table TABLE = {GROUPS, 1};

static void writes_rows_as_troff_that_cannot_be_misread(void **state)
{
    (void)state;
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    manpage_write(&TABLE, "9.8.7", out);
    (void)fclose(out);
    static const char *const PARTS[] = {
        ".TH FENGSUI 1 \"\" \"fengsui 9.8.7\"",
        ".SH \"Rules\"\n.SS \"rules show CLAUSE\"\nshow a clause.\n",
        "\n\\&.Second line begins",
        "\\fB\\-n\\fR, \\fB\\-\\-no\\-text\\fR\nleave the text\\eout\n",
        ".EX\nfengsui rules show 4.4\n.EE\n",
        ".B 3\nrefused by a rule",
    };
    for (size_t i = 0; i < sizeof PARTS / sizeof PARTS[0]; i++)
        if (!strstr(text, PARTS[i]))
            fail_msg("no '%s' in:\n%s", PARTS[i], text);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(writes_rows_as_troff_that_cannot_be_misread)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
