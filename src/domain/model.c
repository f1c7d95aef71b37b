#include "domain/model.h"

#include "base/str.h"

static const char *const TIERS[] = {"ministry", "province", "enterprise", "institution", "vendor"};
static const char *const LEVELS[] = {"", "I", "II", "III", "IV"};
static const char *const COLOURS[] = {"", "red", "orange", "yellow", "blue"};
static const char *const DEADLINES[] = {"immediate",    "prompt", "hours",  "minutes",   "days",
                                        "working_days", "yearly", "stated", "continuous"};
static const char *const DUTY_STATES[] = {"open", "performed", "discharged", "cancelled"};

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

static int find(const char *const *table, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (streq(table[i], name))
            return (int)i;
    return -1;
}

static const char *at(const char *const *table, size_t count, int index)
{
    return index >= 0 && (size_t)index < count ? table[index] : "";
}

const char *tier_name(enum tier tier)
{
    return at(TIERS, COUNT(TIERS), (int)tier);
}

int tier_parse(const char *name)
{
    return find(TIERS, COUNT(TIERS), name);
}

const char *level_name(enum level level)
{
    return at(LEVELS, COUNT(LEVELS), (int)level);
}

enum level level_parse(const char *name)
{
    int i = find(LEVELS, COUNT(LEVELS), name);
    return i > 0 ? (enum level)i : LEVEL_NONE;
}

const char *colour_name(enum colour colour)
{
    return at(COLOURS, COUNT(COLOURS), (int)colour);
}

enum colour colour_parse(const char *name)
{
    int i = find(COLOURS, COUNT(COLOURS), name);
    return i > 0 ? (enum colour)i : COLOUR_NONE;
}

const char *deadline_name(enum deadline_kind kind)
{
    return at(DEADLINES, COUNT(DEADLINES), (int)kind);
}

int deadline_parse(const char *name)
{
    return find(DEADLINES, COUNT(DEADLINES), name);
}

const char *duty_state_name(enum duty_state state)
{
    return at(DUTY_STATES, COUNT(DUTY_STATES), (int)state);
}

int duty_state_parse(const char *name)
{
    return find(DUTY_STATES, COUNT(DUTY_STATES), name);
}
