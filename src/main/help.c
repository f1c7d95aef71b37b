#include "main/help.h"

#include "main/args.h"
#include "main/call.h"

#include <string.h>

enum { COLUMN = 30 /* width of the names of options */, LIST_WIDTH = 92, LISTED_MAX = 24 };

static void heading(FILE *out, bool colour, const char *text)
{
    (void)fprintf(out, "\n%s%s%s\n", call_style(colour, STYLE_BOLD), text, call_style(colour, STYLE_PLAIN));
}

static void list(const struct command *commands, const char *family, FILE *out)
{
    for (const struct command *c = commands; c->name; c++)
        if (!family || command_in_family(c, family))
            (void)fprintf(out, "  %-18s %s\n", c->name, c->summary);
}

static size_t count_commands(const struct command_group *group)
{
    size_t count = 0;
    while (group->commands[count].name)
        count++;
    return count;
}

/* A line a first word: "incident  list, show, report, …" */
static void list_families(const struct command *commands, FILE *out)
{
    char last[32] = "";
    size_t width = 0;
    for (const struct command *c = commands; c->name; c++) {
        int n = (int)strcspn(c->name, " ");
        const char *verb = c->name + n + (c->name[n] == ' ');
        bool same = strlen(last) == (size_t)n && strncmp(last, c->name, (size_t)n) == 0;
        if (!same)
            width = (size_t)fprintf(out, "%s  %-18.*s %s", *last ? "\n" : "", n, c->name, verb);
        else if (width + strlen(verb) + 2 > LIST_WIDTH)
            width = (size_t)fprintf(out, ",\n%21s%s", "", verb);
        else
            width += (size_t)fprintf(out, ", %s", verb);
        (void)snprintf(last, sizeof last, "%.*s", n, c->name);
    }
    (void)fputs("\n", out);
}

void help_program(const struct command_table *table, FILE *out, bool colour)
{
    (void)fputs("fengsui 烽燧 — emergency command and supervision for the telecom sector\n", out);
    heading(out, colour, "Usage");
    (void)fputs("  fengsui COMMAND [OPTION…] [ARGUMENT…]\n", out);
    for (size_t g = 0; g < table->count; g++) {
        heading(out, colour, table->groups[g]->title);
        if (count_commands(table->groups[g]) > LISTED_MAX)
            list_families(table->groups[g]->commands, out);
        else
            list(table->groups[g]->commands, NULL, out);
    }
    heading(out, colour, "Everywhere");
    (void)fputs("  fengsui help COMMAND   the help of a command, with examples\n"
                "  fengsui --version      the version\n"
                "  --json                 results and errors as JSON\n"
                "\n"
                "Exit codes: 0 done or allowed, 1 failed, 2 usage, 3 refused by a rule.\n",
                out);
}

void help_family(const struct command_table *table, const char *word, FILE *out, bool colour)
{
    heading(out, colour, "Usage");
    (void)fprintf(out, "  fengsui %s COMMAND [OPTION…] [ARGUMENT…]\n", word);
    heading(out, colour, "Commands");
    for (size_t g = 0; g < table->count; g++)
        list(table->groups[g]->commands, word, out);
}

static void usage(const struct command *command, FILE *out)
{
    (void)fprintf(out, "  fengsui %s", command->name);
    for (const struct option_row *row = command->options; row && row->name; row++)
        if (row->required)
            (void)fprintf(out, " --%s %s", row->name, row->value);
    (void)fprintf(out, " [OPTION…]%s%s\n", command->operands ? " " : "",
                  command->operands ? command->operands : "");
}

static void option(const struct option_row *row, FILE *out)
{
    char left[96];
    (void)snprintf(left, sizeof left, "%c%c%s --%s%s%s", row->letter ? '-' : ' ',
                   row->letter ? row->letter : ' ', row->letter ? "," : " ", row->name, row->value ? " " : "",
                   row->value ? row->value : "");
    /* A long name takes a line of its own, so that the texts stay in one column. */
    if (strlen(left) > COLUMN)
        (void)fprintf(out, "  %s\n%*s", left, COLUMN + 3, "");
    else
        (void)fprintf(out, "  %-*s ", COLUMN, left);
    (void)fprintf(out, "%s%s%s\n", row->text, row->required ? " (required)" : "",
                  row->repeated ? " (may be repeated)" : "");
}

void help_command(const struct command *command, FILE *out, bool colour)
{
    (void)fprintf(out, "fengsui %s — %s\n", command->name, command->summary);
    heading(out, colour, "Usage");
    usage(command, out);
    if (command->details)
        (void)fprintf(out, "\n%s\n", command->details);
    heading(out, colour, "Options");
    for (const struct option_row *row = command->options; row && row->name; row++)
        option(row, out);
    for (const struct option_row *row = ARGS_COMMON; row->name; row++)
        option(row, out);
    heading(out, colour, "Examples");
    for (const struct example_row *row = command->examples; row && row->line; row++)
        (void)fprintf(out, "  %s\n      %s\n", row->line, row->text);
}
