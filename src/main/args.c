#include "main/args.h"

#include "base/civil.h"
#include "main/suggest.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

const struct option_row ARGS_COMMON[] = {
    {.name = "help", .letter = 'h', .text = "show the help of the command"},
    {.name = "json", .text = "write results and errors as JSON"},
    {.name = "no-color", .text = "no colours; the same as NO_COLOR=1 in the environment"},
    {0},
};

/* The words still to be read, and where the reading goes. */
struct reader {
    const char *const *words;
    size_t count;
    size_t at;
    struct args *args;
};

static const struct option_row *in_rows(const struct option_row *rows, const char *name, size_t name_bytes)
{
    for (; rows && rows->name; rows++)
        if (str_eq((struct str){name, name_bytes}, rows->name))
            return rows;
    return NULL;
}

const struct option_row *args_option(const struct command *command, const char *name, size_t name_bytes)
{
    const struct option_row *row = in_rows(command->options, name, name_bytes);
    return row ? row : in_rows(ARGS_COMMON, name, name_bytes);
}

static const struct option_row *by_letter(const struct command *command, char letter)
{
    for (const struct option_row *row = command->options; row && row->name; row++)
        if (row->letter == letter)
            return row;
    for (const struct option_row *row = ARGS_COMMON; row->name; row++)
        if (row->letter == letter)
            return row;
    return NULL;
}

bool args_next_choice(const char **choices, struct str *out_word)
{
    if (!*choices)
        return false;
    *out_word = (struct str){*choices, strcspn(*choices, "|")};
    *choices = (*choices)[out_word->n] ? *choices + out_word->n + 1 : NULL;
    return true;
}

static bool is_choice(const char *choices, const char *text)
{
    struct str word;
    while (args_next_choice(&choices, &word))
        if (str_eq(word, text))
            return true;
    return false;
}

static enum errc check_int(struct arg *arg, struct err *err)
{
    const struct option_row *row = arg->row;
    char *end = NULL;
    errno = 0;
    long long number = strtoll(arg->text, &end, 10);
    bool digits = arg->text[0] == '-' || (arg->text[0] >= '0' && arg->text[0] <= '9');
    if (!digits || errno != 0 || end == arg->text || *end != '\0')
        return err_set(err, ERR_USAGE, "--%s takes a whole number, not '%s'", row->name, arg->text);
    if (number < row->min || number > row->max)
        return err_set(err, ERR_USAGE, "--%s takes %lld to %lld, not %lld", row->name, (long long)row->min,
                       (long long)row->max, number);
    arg->number = number;
    return ERR_OK;
}

static enum errc check_value(struct arg *arg, struct err *err)
{
    const struct option_row *row = arg->row;
    struct civil_date date;
    struct err why;
    switch (row->kind) {
    case OPTION_FLAG:
    case OPTION_TEXT: return ERR_OK;
    case OPTION_CHOICE:
        if (!is_choice(row->value, arg->text))
            return err_set(err, ERR_USAGE, "--%s takes %s, not '%s'", row->name, row->value, arg->text);
        return ERR_OK;
    case OPTION_INT: return check_int(arg, err);
    case OPTION_DATE:
        if (civil_parse_date(arg->text, &date, &why) < 0)
            return err_set(err, ERR_USAGE, "--%s: %s", row->name, why.message);
        return ERR_OK;
    }
    return ERR_OK;
}

static enum errc keep(struct reader *in, const struct option_row *row, const char *text, struct err *err)
{
    struct args *args = in->args;
    if (!row->repeated && args_has(args, row->name))
        return err_set(err, ERR_USAGE, "--%s is given twice", row->name);
    struct arg arg = {.row = row, .text = text};
    enum errc rc = check_value(&arg, err);
    if (rc < 0)
        return rc;
    args->given[args->given_count++] = arg;
    return ERR_OK;
}

/* The value of an option stands behind it: in the same word (attached) or in the next one. */
static enum errc take_value(struct reader *in, const struct option_row *row, const char *attached,
                            struct err *err)
{
    if (attached)
        return keep(in, row, attached, err);
    if (in->at == in->count)
        return err_set(err, ERR_USAGE, "--%s needs a value: %s", row->name, row->value);
    return keep(in, row, in->words[in->at++], err);
}

static enum errc unknown(const struct command *command, const char *word, const char *name, struct err *err)
{
    struct suggest near;
    suggest_init(&near, name);
    for (const struct option_row *row = command->options; row && row->name; row++)
        suggest_offer(&near, row->name, row->name);
    for (const struct option_row *row = ARGS_COMMON; row->name; row++)
        suggest_offer(&near, row->name, row->name);
    if (near.best)
        return err_set(err, ERR_USAGE, "'%s' has no option %s; did you mean --%s?", command->name, word,
                       near.best);
    return err_set(err, ERR_USAGE, "'%s' has no option %s", command->name, word);
}

static enum errc read_long(struct reader *in, const char *word, struct err *err)
{
    const char *name = word + 2;
    size_t n = strcspn(name, "=");
    const char *attached = name[n] == '=' ? name + n + 1 : NULL;
    const struct option_row *row = args_option(in->args->command, name, n);
    if (!row)
        return unknown(in->args->command, word, name, err);
    if (row->kind != OPTION_FLAG)
        return take_value(in, row, attached, err);
    if (attached)
        return err_set(err, ERR_USAGE, "--%s takes no value", row->name);
    return keep(in, row, NULL, err);
}

static enum errc read_letters(struct reader *in, const char *word, struct err *err)
{
    for (const char *p = word + 1; *p; p++) {
        const struct option_row *row = by_letter(in->args->command, *p);
        if (!row)
            return err_set(err, ERR_USAGE, "'%s' has no option -%c", in->args->command->name, *p);
        if (row->kind != OPTION_FLAG)
            return take_value(in, row, p[1] ? p + 1 : NULL, err);
        enum errc rc = keep(in, row, NULL, err);
        if (rc < 0)
            return rc;
    }
    return ERR_OK;
}

static enum errc read_words(struct reader *in, struct err *err)
{
    bool options = true;
    while (in->at < in->count) {
        const char *word = in->words[in->at++];
        enum errc rc = ERR_OK;
        if (options && streq(word, "--"))
            options = false;
        else if (options && strncmp(word, "--", 2) == 0)
            rc = read_long(in, word, err);
        else if (options && word[0] == '-' && word[1] != '\0')
            rc = read_letters(in, word, err);
        else
            in->args->operands[in->args->operand_count++] = word;
        if (rc < 0)
            return rc;
    }
    return ERR_OK;
}

static enum errc check_complete(const struct args *args, struct err *err)
{
    const struct command *command = args->command;
    if (args_has(args, "help"))
        return ERR_OK;
    for (const struct option_row *row = command->options; row && row->name; row++)
        if (row->required && !args_has(args, row->name))
            return err_set(err, ERR_USAGE, "--%s is missing: %s", row->name, row->text);
    if (args->operand_count < command->operands_min)
        return err_set(err, ERR_USAGE, "'%s' needs %s", command->name, command->operands);
    if (args->operand_count > command->operands_max)
        return err_set(err, ERR_USAGE, "'%s' does not take '%s'", command->name,
                       args->operands[command->operands_max]);
    return ERR_OK;
}

enum errc args_parse(const struct command *command, const char *const *words, size_t count,
                     struct arena *arena, struct args *out, struct err *err)
{
    struct args args = {.command = command};
    /* Grouped flags give more options than words, never more than their bytes. */
    size_t room = 1;
    for (size_t i = 0; i < count; i++)
        room += strlen(words[i]) + 1;
    args.given = arena_array(arena, room, sizeof *args.given);
    args.operands = arena_array(arena, count + 1, sizeof *args.operands);
    if (!args.given || !args.operands)
        return err_set(err, ERR_NOMEM, "the command line is too long");
    struct reader in = {.words = words, .count = count, .args = &args};
    enum errc rc = read_words(&in, err);
    if (rc == ERR_OK)
        rc = check_complete(&args, err);
    if (rc == ERR_OK)
        *out = args;
    return rc;
}

static const struct arg *nth(const struct args *args, const char *name, size_t n)
{
    const struct option_row *row = args_option(args->command, name, strlen(name));
    assert(row);
    for (size_t i = 0; i < args->given_count; i++)
        if (args->given[i].row == row && n-- == 0)
            return &args->given[i];
    return NULL;
}

bool args_has(const struct args *args, const char *name)
{
    return nth(args, name, 0) != NULL;
}

const char *args_nth(const struct args *args, const char *name, size_t n)
{
    const struct arg *arg = nth(args, name, n);
    return arg ? arg->text : NULL;
}

const char *args_text(const struct args *args, const char *name)
{
    return args_nth(args, name, 0);
}

int64_t args_int(const struct args *args, const char *name, int64_t otherwise)
{
    const struct arg *arg = nth(args, name, 0);
    return arg ? arg->number : otherwise;
}

const char *args_operand(const struct args *args, size_t n)
{
    return n < args->operand_count ? args->operands[n] : NULL;
}
