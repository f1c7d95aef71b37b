#include "main/manpage.h"

#include "main/args.h"

#include <string.h>

/* Text for troff: a backslash, a bar, a hyphen that stays a hyphen, a dot or quote that begins no request. */
static void text(FILE *out, const char *s)
{
    bool line_start = true;
    for (; *s; s++) {
        if (line_start && (*s == '.' || *s == '\''))
            (void)fputs("\\&", out);
        if (*s == '\\')
            (void)fputs("\\e", out);
        else if (*s == '|')
            (void)fputs("|\\:", out); /* a long list of choices may be broken */
        else if (*s == '-')
            (void)fputs("\\-", out);
        else
            (void)fputc(*s, out);
        line_start = *s == '\n';
    }
}

static void line(FILE *out, const char *request, const char *s)
{
    (void)fprintf(out, "%s\n", request);
    text(out, s);
    (void)fputc('\n', out);
}

/* Section titles stand within quotes. */
static void title(FILE *out, const char *macro, const char *s)
{
    (void)fprintf(out, "%s \"", macro);
    text(out, s);
    (void)fputs("\"\n", out);
}

static void option(const struct option_row *row, FILE *out)
{
    (void)fputs(".TP\n", out);
    if (row->letter)
        (void)fprintf(out, "\\fB\\-%c\\fR, ", row->letter);
    (void)fputs("\\fB\\-\\-", out);
    text(out, row->name);
    (void)fputs("\\fR", out);
    if (row->value) {
        (void)fputs(" \\fI", out);
        text(out, row->value);
        (void)fputs("\\fR", out);
    }
    (void)fputc('\n', out);
    text(out, row->text);
    (void)fprintf(out, "%s%s\n", row->required ? " (required)" : "",
                  row->repeated ? " (may be repeated)" : "");
}

static void command(const struct command *c, FILE *out)
{
    char usage[256];
    (void)snprintf(usage, sizeof usage, "%s%s%s", c->name, c->operands ? " " : "",
                   c->operands ? c->operands : "");
    title(out, ".SS", usage);
    text(out, c->summary);
    (void)fputs(".\n", out);
    if (c->details)
        line(out, ".PP", c->details);
    for (const struct option_row *row = c->options; row && row->name; row++)
        option(row, out);
    for (const struct example_row *row = c->examples; row && row->line; row++) {
        line(out, ".PP\n.EX", row->line);
        line(out, ".EE\n.RS 4", row->text);
        (void)fputs(".RE\n", out);
    }
}

static void exit_codes(FILE *out)
{
    static const struct {
        enum cli_exit code;
        const char *meaning;
    } ROWS[] = {
        {CLI_DONE, "done or allowed"},
        {CLI_FAILED, "failed, or the input is bad"},
        {CLI_USAGE, "the command line is wrong"},
        {CLI_REFUSED, "refused by a rule; the answer is on standard output"},
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++)
        (void)fprintf(out, ".TP\n.B %d\n%s\n", (int)ROWS[i].code, ROWS[i].meaning);
}

void manpage_write(const struct command_table *table, const char *version, FILE *out)
{
    (void)fprintf(out, ".TH FENGSUI 1 \"\" \"fengsui %s\" \"User Commands\"\n", version);
    (void)fputs(
        ".ad l\n" /* lists of choices have no spaces to stretch */
        ".SH NAME\n"
        "fengsui \\- emergency command and supervision for the telecom sector\n"
        ".SH SYNOPSIS\n"
        ".B fengsui\n"
        ".I COMMAND\n"
        "[\\fIOPTION\\fR]... [\\fIARGUMENT\\fR]...\n"
        ".SH DESCRIPTION\n"
        "One program for every tier: it sees threats, reports incidents, publishes warnings, commands\n"
        "responses and inspects, with every act checked against the clause that allows it and written\n"
        "on a log that nobody can alter.\n"
        ".SH OPTIONS\n"
        "These are taken by every command.\n",
        out);
    for (const struct option_row *row = ARGS_COMMON; row->name; row++)
        option(row, out);
    (void)fputs(".SH \"EXIT STATUS\"\n", out);
    exit_codes(out);
    (void)fputs(".SH ENVIRONMENT\n"
                ".TP\n.B NO_COLOR\nset and not empty: no colours\n",
                out);
    for (size_t g = 0; g < table->count; g++) {
        title(out, ".SH", table->groups[g]->title);
        for (const struct command *c = table->groups[g]->commands; c->name; c++)
            command(c, out);
    }
}
