#include "sim/forms.h"

#include "base/civil.h"
#include "base/str.h"
#include "store/duties.h"

static const char *const WORDS[] = {"网络中断", "流量攻击", "网页篡改", "域名劫持",
                                    "数据泄露", "已核实",   "正在处置", "恢复"};

enum { WORD_COUNT = sizeof WORDS / sizeof WORDS[0], OPTIONAL_PER_MILLE = 350, DUTIES_LOOKED_AT = 50 };

static struct dice *dice_of(const struct form *form)
{
    return &form->sim->people;
}

static const struct node_card *actor_of(const struct form *form)
{
    return &form->sim->country->cards[form->actor];
}

static json_t *word(const struct form *form)
{
    return json_string(WORDS[dice_below(dice_of(form), WORD_COUNT)]);
}

/* Something that the unit owes, if its program is up. */
static json_t *duty(const struct form *form)
{
    struct arena arena;
    struct duty_page page = {0};
    struct duty_filter filter = {.owner = actor_of(form)->id, .limit = DUTIES_LOOKED_AT};
    struct store *store = form->sim->nodes[form->actor].store;
    filter.states[DUTY_OPEN] = true;
    arena_init(&arena, 1 << 20);
    if (!store || duties_list(store, &filter, &arena, &page, NULL) < 0)
        page.count = 0;
    size_t at = dice_below(dice_of(form), page.count);
    json_t *id = page.count > 0 ? json_string(page.items[at].id) : word(form);
    arena_done(&arena);
    return id;
}

static json_t *text(const struct form *form, const struct field_row *field)
{
    const struct pack *law = pack_set_main(form->sim->country->packs);
    if (streq(field->name, "adopts"))
        return json_string(law->head->id);
    if (streq(field->name, "duty"))
        return duty(form);
    return field->max > 0 && field->max < 8 ? json_string("x") : word(form);
}

static json_t *whole(const struct form *form, const struct field_row *field)
{
    int64_t most = field->max > 0 ? field->max : 1000000;
    return json_integer(dice_between(dice_of(form), field->min, most));
}

static json_t *boolean(const struct form *form, const struct field_row *field)
{
    (void)field;
    return json_boolean(dice_chance(dice_of(form), 500));
}

static json_t *instant(const struct form *form, const struct field_row *field)
{
    char at[CIVIL_TIME_SIZE];
    int64_t ms = node_now_ms(&form->sim->nodes[form->actor]) - dice_spread(dice_of(form), 2 * CIVIL_DAY_MS);
    if (streq(field->name, "due") || streq(field->name, "ends"))
        ms += 4 * CIVIL_DAY_MS;
    civil_format_time(ms, CIVIL_CHINA_MIN, at);
    return json_string(at);
}

static json_t *date(const struct form *form, const struct field_row *field)
{
    char day[CIVIL_DATE_SIZE];
    (void)field;
    civil_format_date(civil_date_at(node_now_ms(&form->sim->nodes[form->actor]), CIVIL_CHINA_MIN), day);
    return json_string(day);
}

static const char *province(const struct form *form)
{
    const struct node_card *actor = actor_of(form);
    bool own = form->sensible ? !dice_chance(dice_of(form), 100) : dice_chance(dice_of(form), 300);
    if (own && !streq(actor->region, "000000"))
        return actor->region;
    for (;;) {
        const struct node_card *card = &form->sim->country->cards[dice_below(dice_of(form), COUNTRY_NODES)];
        if (card->tier == TIER_PROVINCE)
            return card->region;
    }
}

static json_t *region(const struct form *form, const struct field_row *field)
{
    (void)field;
    return json_string(province(form));
}

static json_t *regions(const struct form *form, const struct field_row *field)
{
    (void)field;
    json_t *list = json_array();
    for (size_t i = 1 + dice_below(dice_of(form), 2); i > 0; i--)
        (void)json_array_append_new(list, json_string(province(form)));
    return list;
}

/* Which rows of the powers a tier can use: I, II and orange are the ministry's, the rest the provinces'. */
static int by_tier(const struct form *form)
{
    enum tier tier = actor_of(form)->tier;
    int low = (int)dice_below(dice_of(form), 2);
    bool upper = tier == TIER_MINISTRY || (tier != TIER_PROVINCE && dice_chance(dice_of(form), 500));
    if (!form->sensible || dice_chance(dice_of(form), 60))
        upper = dice_chance(dice_of(form), 500);
    return upper ? 1 + low : 3 + low;
}

static json_t *level(const struct form *form, const struct field_row *field)
{
    (void)field;
    return json_string(level_name((enum level)by_tier(form)));
}

static json_t *colour(const struct form *form, const struct field_row *field)
{
    (void)field;
    int number = by_tier(form);
    if (form->sensible && actor_of(form)->tier == TIER_MINISTRY)
        number = streq(form->row->kind, "warning.forwarded") ? COLOUR_RED : COLOUR_ORANGE;
    return json_string(colour_name((enum colour)number));
}

static json_t *choice(const struct form *form, const struct field_row *field)
{
    size_t at = dice_below(dice_of(form), field->values_count);
    return field->values_count > 0 ? json_string(field->values[at]) : NULL;
}

static json_t *choices(const struct form *form, const struct field_row *field)
{
    return json_pack("[o]", choice(form, field));
}

/* Somebody who knows the matter, or stands near, or anybody. */
static size_t some_node(const struct form *form)
{
    const struct country *country = form->sim->country;
    struct dice *dice = dice_of(form);
    size_t any = dice_below(dice, COUNTRY_NODES);
    for (int i = 0; i < 40; i++) {
        size_t at = dice_below(dice, COUNTRY_NODES);
        bool knows = form->matter && (form->matter->known & bit(at));
        bool near = streq(country->cards[at].parent, actor_of(form)->id) ||
                    streq(actor_of(form)->parent, country->cards[at].id);
        if (at != form->actor && (knows || (near && dice_chance(dice, 300))))
            return at;
    }
    return any;
}

static json_t *node(const struct form *form, const struct field_row *field)
{
    (void)field;
    return json_string(form->sim->country->cards[some_node(form)].id);
}

static json_t *nodes(const struct form *form, const struct field_row *field)
{
    (void)field;
    json_t *list = json_array();
    for (size_t i = 1 + dice_below(dice_of(form), 3); i > 0; i--)
        (void)json_array_append_new(list, node(form, field));
    return list;
}

static json_t *matter(const struct form *form, const struct field_row *field)
{
    const struct registry *registry = &form->sim->registry;
    size_t first = dice_below(dice_of(form), registry->matter_count);
    for (size_t i = 0; i < registry->matter_count; i++) {
        const struct matter_fact *fact = registry->matters[(first + i) % registry->matter_count];
        if (!field->of || streq(fact->type->subject, field->of))
            return json_string(fact->id);
    }
    return NULL;
}

static json_t *digest(const struct form *form, const struct field_row *field)
{
    unsigned char bytes[HASH_SIZE];
    char hex[2 * HASH_SIZE + 1];
    (void)field;
    dice_fill(dice_of(form), bytes, sizeof bytes);
    hex_encode(bytes, sizeof bytes, hex);
    return json_string(hex);
}

static json_t *facts(const struct form *form, const struct field_row *field)
{
    (void)field;
    json_t *doc = json_pack("{s:b}", "happened", 1);
    if (dice_chance(dice_of(form), 300))
        (void)json_object_set_new(doc, "leaked_users", json_integer(dice_spread(dice_of(form), 200000000)));
    if (dice_chance(dice_of(form), 400))
        (void)json_object_set_new(doc, "kinds", json_pack("[s]", "outage"));
    if (dice_chance(dice_of(form), 300))
        (void)json_object_set_new(doc, "scope",
                                  json_pack("{s:[s,s]}", "provinces", province(form), province(form)));
    if (dice_chance(dice_of(form), 400))
        (void)json_object_set_new(
            doc, "judged", json_pack("{s:b}", "many_users_offline", (int)dice_chance(dice_of(form), 500)));
    return doc;
}

static json_t *texts(const struct form *form, const struct field_row *field)
{
    (void)field;
    return json_pack("[o]", word(form));
}

static json_t *figures(const struct form *form, const struct field_row *field)
{
    (void)field;
    return json_pack("{s:I}", "users", (json_int_t)dice_spread(dice_of(form), 1000000));
}

static json_t *object(const struct form *form, const struct field_row *field)
{
    (void)form;
    (void)field;
    return json_pack("{s:s}", "note", "x");
}

static json_t *(*const FILLERS[])(const struct form *, const struct field_row *) = {
    [FIELD_TEXT] = text,     [FIELD_INT] = whole,       [FIELD_BOOL] = boolean,    [FIELD_TIME] = instant,
    [FIELD_DATE] = date,     [FIELD_REGION] = region,   [FIELD_REGIONS] = regions, [FIELD_LEVEL] = level,
    [FIELD_COLOUR] = colour, [FIELD_ENUM] = choice,     [FIELD_ENUMS] = choices,   [FIELD_NODE] = node,
    [FIELD_NODES] = nodes,   [FIELD_SUBJECT] = matter,  [FIELD_HASH] = digest,     [FIELD_FACTS] = facts,
    [FIELD_TEXTS] = texts,   [FIELD_FIGURES] = figures, [FIELD_OBJECT] = object,
};

/* What is not required by the form but, more often than not, by the law. */
static bool wanted(const char *name)
{
    static const char *const NAMES[] = {"region", "reason", "assignee", "level", "facts"};
    for (size_t i = 0; i < sizeof NAMES / sizeof NAMES[0]; i++)
        if (streq(NAMES[i], name))
            return true;
    return false;
}

static void spoil(const struct form *form, json_t *doc)
{
    const struct field_row *field = &form->row->fields[dice_below(dice_of(form), form->row->fields_count)];
    switch (dice_below(dice_of(form), 4)) {
    case 0: (void)json_object_del(doc, field->name); break;
    case 1: (void)json_object_set_new(doc, field->name, json_pack("[[f]]", 0.5)); break;
    case 2: (void)json_object_set_new(doc, "whatever", json_true()); break;
    default: (void)json_object_set_new(doc, field->name, json_integer(INT64_MIN)); break;
    }
}

json_t *form_fill(const struct form *form)
{
    json_t *doc = json_object();
    for (uint32_t i = 0; i < form->row->fields_count; i++) {
        const struct field_row *field = &form->row->fields[i];
        unsigned chance = field->required ? 1000 : wanted(field->name) ? 750 : OPTIONAL_PER_MILLE;
        json_t *value = dice_chance(dice_of(form), chance) ? FILLERS[field->type](form, field) : NULL;
        if (value)
            (void)json_object_set_new(doc, field->name, value);
    }
    /* An order goes to one unit or to a list, not to both. */
    if (json_object_get(doc, "assignee") && json_object_get(doc, "assignees"))
        (void)json_object_del(doc, dice_chance(dice_of(form), 500) ? "assignee" : "assignees");
    if (form->wrong && form->row->fields_count > 0)
        spoil(form, doc);
    if (!doc)
        sim_fail(form->sim, "no memory for a form");
    return doc;
}
