#include "main/command.h"

#include "base/str.h"

#include <string.h>

#define COMMAND_GROUP(name) extern const struct command_group COMMANDS_##name;
#include "main/commands.def"
#undef COMMAND_GROUP

static const struct command_group *const GROUPS[] = {
#define COMMAND_GROUP(name) &COMMANDS_##name,
#include "main/commands.def"
#undef COMMAND_GROUP
};

const struct command_table COMMANDS = {GROUPS, sizeof GROUPS / sizeof GROUPS[0]};

const struct command *command_at(const struct command_table *table, size_t index)
{
    for (size_t g = 0; g < table->count; g++)
        for (const struct command *c = table->groups[g]->commands; c->name; c++)
            if (index-- == 0)
                return c;
    return NULL;
}

const struct command *command_find(const struct command_table *table, const char *name)
{
    const struct command *c;
    for (size_t i = 0; (c = command_at(table, i)) != NULL; i++)
        if (streq(c->name, name))
            return c;
    return NULL;
}

bool command_in_family(const struct command *command, const char *word)
{
    size_t n = strlen(word);
    return strncmp(command->name, word, n) == 0 && command->name[n] == ' ';
}

bool command_is_family(const struct command_table *table, const char *word)
{
    const struct command *c;
    for (size_t i = 0; (c = command_at(table, i)) != NULL; i++)
        if (command_in_family(c, word))
            return true;
    return false;
}
