#include "main/completion.h"

#include "main/args.h"

#include <string.h>

const char COMPLETION_BASH[] =
    "# bash completion of fengsui; load it with: source <(fengsui completion bash)\n"
    "_fengsui() {\n"
    "    local IFS=$'\\n'\n"
    "    COMPREPLY=($(\"${COMP_WORDS[0]}\" completion words -- \"${COMP_WORDS[@]:1:COMP_CWORD}\" "
    "2>/dev/null | cut -f1))\n"
    "}\n"
    "complete -o default -F _fengsui fengsui\n";

const char COMPLETION_ZSH[] =
    "#compdef fengsui\n"
    "# zsh completion of fengsui; load it with: source <(fengsui completion zsh)\n"
    "_fengsui() {\n"
    "    local -a list\n"
    "    list=(\"${(@f)$(\"$words[1]\" completion words -- \"${(@)words[2,CURRENT]}\" 2>/dev/null)}\")\n"
    "    if [[ -n \"$list[1]\" ]]; then\n"
    "        list=(\"${(@)list/$'\\t'/:}\")\n"
    "        _describe fengsui list\n"
    "    else\n"
    "        _files\n"
    "    fi\n"
    "}\n"
    "if [[ \"$funcstack[1]\" = _fengsui ]]; then _fengsui \"$@\"; else compdef _fengsui fengsui; fi\n";

/* The line as typed so far. */
struct typed {
    const struct command_table *table;
    const char *const *words;
    size_t count; /* without the word being typed */
    const char *now;
    FILE *out;
};

static void offer(const struct typed *typed, const char *before, struct str word, const char *text)
{
    char whole[128];
    (void)snprintf(whole, sizeof whole, "%s%.*s", before, (int)word.n, word.p);
    if (strncmp(whole, typed->now, strlen(typed->now)) == 0)
        (void)fprintf(typed->out, "%s\t%s\n", whole, text);
}

/* A family may stand in several groups, and is offered once. */
static bool offered_before(const struct typed *typed, size_t index, struct str first)
{
    for (size_t i = 0; i < index; i++) {
        const char *name = command_at(typed->table, i)->name;
        if (strcspn(name, " ") == first.n && memcmp(name, first.p, first.n) == 0)
            return true;
    }
    return false;
}

static void offer_first_words(const struct typed *typed)
{
    const struct command *c;
    for (size_t i = 0; (c = command_at(typed->table, i)) != NULL; i++) {
        struct str first = {c->name, strcspn(c->name, " ")};
        bool family = c->name[first.n] != '\0';
        if (!offered_before(typed, i, first))
            offer(typed, "", first, family ? "see its commands" : c->summary);
    }
}

static void offer_second_words(const struct typed *typed)
{
    const struct command *c;
    size_t n = strlen(typed->words[0]);
    for (size_t i = 0; (c = command_at(typed->table, i)) != NULL; i++)
        if (command_in_family(c, typed->words[0]))
            offer(typed, "", (struct str){c->name + n + 1, strlen(c->name) - n - 1}, c->summary);
}

static void offer_choices(const struct typed *typed, const char *before, const struct option_row *row)
{
    const char *left = row->kind == OPTION_CHOICE ? row->value : NULL;
    struct str word;
    while (args_next_choice(&left, &word))
        offer(typed, before, word, row->text);
}

static void offer_options(const struct typed *typed, const struct option_row *rows)
{
    for (const struct option_row *row = rows; row && row->name; row++) {
        bool given = false;
        for (size_t i = 0; i < typed->count; i++)
            given = given ||
                    (strncmp(typed->words[i], "--", 2) == 0 && streq(typed->words[i] + 2, row->name));
        if (!given || row->repeated)
            offer(typed, "--", (struct str){row->name, strlen(row->name)}, row->text);
    }
}

/* The option whose value is being typed behind it; NULL when the word stands for itself. */
static const struct option_row *option_before(const struct typed *typed, const struct command *command)
{
    size_t at = typed->count;
    /* bash takes --name=value apart at the sign. */
    if (at > 1 && streq(typed->words[at - 1], "="))
        at--;
    const char *word = at > 0 ? typed->words[at - 1] : "";
    if (strncmp(word, "--", 2) != 0)
        return NULL;
    const struct option_row *row = args_option(command, word + 2, strlen(word + 2));
    return row && row->kind != OPTION_FLAG ? row : NULL;
}

static void offer_for_command(struct typed *typed, const struct command *command)
{
    if (streq(typed->now, "=") && typed->count > 0)
        typed->now = "";
    const struct option_row *row = option_before(typed, command);
    size_t name_bytes = strcspn(typed->now, "=");
    if (row) {
        offer_choices(typed, "", row);
    } else if (strncmp(typed->now, "--", 2) == 0 && typed->now[name_bytes] == '=') {
        char before[96];
        (void)snprintf(before, sizeof before, "%.*s=", (int)name_bytes, typed->now);
        row = args_option(command, typed->now + 2, name_bytes - 2);
        if (row)
            offer_choices(typed, before, row);
    } else if (typed->now[0] == '-') {
        offer_options(typed, command->options);
        offer_options(typed, ARGS_COMMON);
    }
}

void completion_words(const struct command_table *table, const char *const *words, size_t count, FILE *out)
{
    if (count == 0)
        return;
    struct typed typed = {table, words, count - 1, words[count - 1], out};
    /* "help rules che" is finished as "rules che" is. */
    bool help = typed.count > 0 && streq(words[0], "help");
    if (help) {
        typed.words++;
        typed.count--;
    }
    if (typed.count == 0) {
        offer_first_words(&typed);
        return;
    }
    bool family = command_is_family(table, typed.words[0]);
    if (family && typed.count == 1) {
        offer_second_words(&typed);
        return;
    }
    char name[128];
    (void)snprintf(name, sizeof name, "%s%s%s", typed.words[0], family ? " " : "",
                   family ? typed.words[1] : "");
    const struct command *command = command_find(table, name);
    if (command && !help)
        offer_for_command(&typed, command);
}
