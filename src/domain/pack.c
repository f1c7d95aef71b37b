#include "domain/pack.h"

#include "base/str.h"
#include "domain/pack_schema.h"

#include <string.h>

bool names_have(const struct names *names, const char *name)
{
    for (uint32_t i = 0; i < names->count; i++)
        if (streq(names->at[i], name))
            return true;
    return false;
}

static const struct {
    const char *id;
    const char *zh;
} OUTSIDE[] = {
    {"x:NCEO", "国家网络安全应急办公室"},
    {"x:MLG", "部网络安全和信息化领导小组"},
    {"x:LOCAL", "地方相关部门"},
    {"x:PUBLIC", "社会公众"},
    {"x:USERS", "受影响的用户"},
    {"x:POLICE", "公安机关"},
    {"x:CAC", "国家网信部门"},
    {"x:CAC-PROVINCE", "省级网信部门"},
    {"x:PROTECTION", "保护工作部门"},
    {"x:OTHER", "其他单位"},
};

const char *pack_outside_name(const char *id)
{
    for (size_t i = 0; i < sizeof OUTSIDE / sizeof OUTSIDE[0]; i++)
        if (streq(OUTSIDE[i].id, id))
            return OUTSIDE[i].zh;
    return NULL;
}

/* A card's role is the one asked for, or a kind of it. The chain is short: the loader refuses circles. */
static bool kind_of(const struct pack *pack, const char *role, const char *asked)
{
    while (role && !streq(role, asked)) {
        const struct role_row *row = pack_role_row(pack, role);
        role = row ? row->of : NULL;
    }
    return role != NULL;
}

bool pack_role(const struct pack *pack, const struct node_card *card, const char *role)
{
    const struct role_row *asked = pack_role_row(pack, role);
    if (asked && asked->large)
        return card->large && pack_role(pack, card, asked->of);
    for (size_t i = 0; i < card->role_count; i++)
        if (kind_of(pack, card->roles[i], role))
            return true;
    return false;
}

bool pack_any_role(const struct pack *pack, const struct node_card *card, const struct names *roles)
{
    for (uint32_t i = 0; i < roles->count; i++)
        if (pack_role(pack, card, roles->at[i]))
            return true;
    return roles->count == 0;
}

static bool listed(const void *list, uint32_t count, int value)
{
    const int *at = list;
    for (uint32_t i = 0; i < count; i++)
        if (at[i] == value)
            return true;
    return count == 0;
}

_Static_assert(sizeof(enum tier) == sizeof(int) && sizeof(enum level) == sizeof(int) &&
                   sizeof(enum colour) == sizeof(int),
               "listed() reads lists of enums as lists of int");

static bool one_matches(const json_t *value, const struct names *wanted)
{
    if (!value || json_is_null(value))
        return names_have(wanted, "none");
    if (json_is_boolean(value))
        return names_have(wanted, json_is_true(value) ? "true" : "false");
    return json_is_string(value) && names_have(wanted, json_string_value(value));
}

/* The field of the act, else of its matter, else of the root. */
static const json_t *field_of(const struct pack_case *subject, const char *name)
{
    const json_t *value = json_object_get(subject->body, name);
    if (!value)
        value = json_object_get(subject->doc, name);
    return value ? value : json_object_get(subject->root_doc, name);
}

static bool field_matches(const struct pack_when *when, const struct pack_case *subject)
{
    const json_t *value = field_of(subject, when->field);
    if (!json_is_array(value))
        return one_matches(value, &when->value);
    for (size_t i = 0; i < json_array_size(value); i++)
        if (one_matches(json_array_get(value, i), &when->value))
            return true;
    return false;
}

static bool graded(const struct pack_when *when, const struct pack_case *subject)
{
    return listed(when->graded, when->graded_count, (int)subject->graded) &&
           !(when->newly && listed(when->graded, when->graded_count, (int)subject->graded_before));
}

static bool actor_matches(const struct pack *pack, const struct pack_when *when,
                          const struct node_card *actor)
{
    if (when->tier_count > 0 && (!actor || !listed(when->tier, when->tier_count, (int)actor->tier)))
        return false;
    return when->role.count == 0 || (actor && pack_any_role(pack, actor, &when->role));
}

bool pack_when(const struct pack *pack, const struct pack_when *when, const struct pack_case *subject)
{
    return actor_matches(pack, when, subject->actor) &&
           listed(when->level, when->level_count, (int)subject->level) &&
           listed(when->colour, when->colour_count, (int)subject->colour) && graded(when, subject) &&
           (when->happened == ANSWER_UNKNOWN || when->happened == subject->happened) &&
           (!when->field || field_matches(when, subject));
}

const struct clause_row *pack_clause(const struct pack *pack, const char *id)
{
    return pack_row_find(pack, PACK_CLAUSES, id);
}

const struct provision_row *pack_provision(const struct pack *pack, const char *id)
{
    return pack_row_find(pack, PACK_PROVISIONS, id);
}

const struct level_row *pack_level(const struct pack *pack, enum level level)
{
    for (uint32_t i = 0; i < pack->levels_count; i++)
        if (pack->levels[i].level == level)
            return &pack->levels[i];
    return NULL;
}

const struct power_row *pack_power(const struct pack *pack, const char *id)
{
    return pack_row_find(pack, PACK_POWERS, id);
}

const struct duty_row *pack_duty(const struct pack *pack, const char *id)
{
    return pack_row_find(pack, PACK_DUTIES, id);
}

const struct route_row *pack_route(const struct pack *pack, const char *id)
{
    return pack_row_find(pack, PACK_ROUTES, id);
}

const struct enum_row *pack_enum(const struct pack *pack, const char *name)
{
    return pack_row_find(pack, PACK_ENUMS, name);
}

const struct role_row *pack_role_row(const struct pack *pack, const char *code)
{
    return pack_row_find(pack, PACK_ROLES, code);
}

const struct ambiguity_row *pack_ambiguity(const struct pack *pack, const char *id)
{
    return pack_row_find(pack, PACK_AMBIGUITIES, id);
}
