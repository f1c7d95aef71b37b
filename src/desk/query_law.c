/* The law a node knows, as rows; and what it says to a question: a level, a power, a due date. */
#include "base/civil.h"
#include "desk/query_internal.h"
#include "domain/calendar.h"
#include "domain/grade.h"
#include "domain/pack_show.h"
#include "domain/power.h"
#include "domain/region.h"

static json_t *names_json(const struct names *names)
{
    json_t *list = json_array();
    for (uint32_t i = 0; i < names->count; i++)
        (void)json_array_append_new(list, json_string(names->at[i]));
    return list;
}

static json_t *head_json(const struct pack *pack)
{
    const struct pack_head *head = pack->head;
    return json_pack("{s:s,s:s,s:s,s:s,s:s?,s:s,s:s?,s:s?,s:s?,s:s,s:s,s:b,s:b}", "id", head->id, "version",
                     head->version, "title", head->title, "en", head->en, "number", head->number, "issuer",
                     head->issuer, "signed", head->signed_on, "effective", head->effective, "expires",
                     head->expires, "provenance", head->provenance, "checked_by", head->checked_by,
                     "complete", (int)head->complete, "main", (int)head->main);
}

/* --- tables of a pack ----------------------------------------------------------------------------- */

static json_t *clauses_json(const struct pack *pack)
{
    json_t *list = json_array();
    for (uint32_t i = 0; i < pack->clauses_count; i++) {
        const struct clause_row *row = &pack->clauses[i];
        (void)json_array_append_new(list, json_pack("{s:s,s:s?,s:s,s:s?}", "id", row->id, "title", row->title,
                                                    "text", row->text, "en", row->en));
    }
    return list;
}

static json_t *levels_json(const struct pack *pack)
{
    json_t *list = json_array();
    for (uint32_t i = 0; i < pack->levels_count; i++) {
        const struct level_row *row = &pack->levels[i];
        (void)json_array_append_new(list, json_pack("{s:s,s:s,s:s,s:s,s:s}", "level", level_name(row->level),
                                                    "name", row->name, "en", row->en, "colour",
                                                    colour_name(row->colour), "clause", row->clause));
    }
    return list;
}

static json_t *powers_json(const struct pack *pack)
{
    json_t *list = json_array();
    for (uint32_t i = 0; i < pack->powers_count; i++) {
        const struct power_row *row = &pack->powers[i];
        (void)json_array_append_new(
            list, json_pack("{s:s,s:s,s:s?,s:s,s:s,s:b,s:s}", "id", row->id, "act", row->act, "clause",
                            row->law ? row->law->clause : NULL, "zh", row->zh, "en", row->en, "enforce",
                            (int)row->enforce, "confidence", confidence_name(row->confidence)));
    }
    return list;
}

static json_t *duties_json(const struct pack *pack)
{
    json_t *list = json_array();
    for (uint32_t i = 0; i < pack->duties_count; i++) {
        const struct duty_row *row = &pack->duties[i];
        (void)json_array_append_new(
            list, json_pack("{s:s,s:s?,s:s?,s:s?,s:o,s:o,s:s,s:I,s:b,s:s}", "id", row->id, "clause",
                            row->law ? row->law->clause : NULL, "zh", row->law ? row->law->zh : NULL, "en",
                            row->en    ? row->en
                            : row->law ? row->law->en
                                       : NULL,
                            "opened_by", names_json(&row->opened_by), "performed_by",
                            names_json(&row->performed_by), "deadline", deadline_name(row->deadline.kind),
                            "n", (json_int_t)row->deadline.n, "enforce", (int)row->enforce, "confidence",
                            confidence_name(row->confidence)));
    }
    return list;
}

static json_t *routes_json(const struct pack *pack)
{
    json_t *list = json_array();
    for (uint32_t i = 0; i < pack->routes_count; i++) {
        const struct route_row *row = &pack->routes[i];
        (void)json_array_append_new(list, json_pack("{s:s,s:s,s:s?,s:o,s:s?}", "id", row->id, "act", row->act,
                                                    "clause", row->law ? row->law->clause : NULL, "to",
                                                    names_json(&row->to), "en", row->en));
    }
    return list;
}

static json_t *ambiguities_json(const struct pack *pack)
{
    json_t *list = json_array();
    for (uint32_t i = 0; i < pack->ambiguities_count; i++) {
        const struct ambiguity_row *row = &pack->ambiguities[i];
        (void)json_array_append_new(list, json_pack("{s:s,s:s,s:s,s:s,s:s?,s:o}", "id", row->id, "where",
                                                    row->where, "problem", row->problem, "treatment",
                                                    row->treatment, "zh", row->zh, "clauses",
                                                    names_json(&row->clauses)));
    }
    return list;
}

static json_t *gaps_json(const struct pack *pack)
{
    json_t *list = json_array();
    for (uint32_t i = 0; i < pack->gaps_count; i++) {
        const struct gap_row *row = &pack->gaps[i];
        (void)json_array_append_new(list, json_pack("{s:s,s:s,s:s}", "provision", row->provision, "kind",
                                                    row->kind, "reason", row->reason));
    }
    return list;
}

static json_t *values_json(const struct enum_row *row)
{
    json_t *list = json_array();
    for (uint32_t i = 0; i < row->values_count; i++)
        (void)json_array_append_new(list, json_pack("{s:s,s:s,s:s,s:b}", "id", row->values[i].id, "zh",
                                                    row->values[i].zh, "en", row->values[i].en, "open",
                                                    (int)row->values[i].open));
    return list;
}

static json_t *enums_json(const struct pack *pack)
{
    json_t *list = json_array();
    for (uint32_t i = 0; i < pack->enums_count; i++) {
        const struct enum_row *row = &pack->enums[i];
        (void)json_array_append_new(list, json_pack("{s:s,s:s,s:s,s:s,s:o}", "name", row->name, "clause",
                                                    row->clause, "zh", row->zh, "en", row->en, "values",
                                                    values_json(row)));
    }
    return list;
}

static json_t *documents_json(const struct pack *pack)
{
    json_t *list = json_array();
    for (uint32_t i = 0; i < pack->documents_count; i++) {
        const struct document_row *row = &pack->documents[i];
        (void)json_array_append_new(list, json_pack("{s:s,s:s,s:s,s:s?,s:s,s:o}", "id", row->id, "zh",
                                                    row->zh, "en", row->en, "group", row->group, "clause",
                                                    row->clause, "acts", names_json(&row->acts)));
    }
    return list;
}

static const struct pack_table {
    const char *name;
    json_t *(*write)(const struct pack *pack);
} PACK_TABLES[] = {
    {"clauses", clauses_json}, {"levels", levels_json}, {"powers", powers_json},
    {"duties", duties_json},   {"routes", routes_json}, {"ambiguities", ambiguities_json},
    {"gaps", gaps_json},       {"enums", enums_json},   {"documents", documents_json},
};

/* --- packs ---------------------------------------------------------------------------------------- */

static enum errc packs(struct asked *asked)
{
    json_t *items = json_array();
    for (size_t i = 0; i < pack_set_count(asked->reader->packs); i++)
        (void)json_array_append_new(items, head_json(pack_set_at(asked->reader->packs, i)));
    return told_list(asked, items, NULL);
}

static enum errc find_pack(struct asked *asked, const struct pack **out)
{
    const char *id = asked_id(asked, "pack");
    *out = pack_set_find(asked->reader->packs, id);
    return *out ? ERR_OK
                : err_field(asked->err, ERR_NOT_FOUND, "pack", "there is no rule pack '%.60s' here", id);
}

static enum errc pack(struct asked *asked)
{
    const struct pack *found = NULL;
    enum errc rc = find_pack(asked, &found);
    return rc < 0 ? rc : told(asked, head_json(found));
}

/* of: which of its tables. */
static enum errc pack_rows(struct asked *asked)
{
    const struct pack *found = NULL;
    enum errc rc = find_pack(asked, &found);
    if (rc < 0)
        return rc;
    for (size_t i = 0; i < sizeof PACK_TABLES / sizeof PACK_TABLES[0]; i++)
        if (streq(PACK_TABLES[i].name, asked->ask->of))
            return told_list(asked, PACK_TABLES[i].write(found), NULL);
    return err_set(asked->err, ERR_INTERNAL, "a pack has no table '%.40s'", asked->ask->of);
}

static enum errc clause(struct asked *asked)
{
    const struct pack *found = NULL;
    const char *id = asked_id(asked, "clause");
    enum errc rc = find_pack(asked, &found);
    if (rc < 0)
        return rc;
    const struct clause_row *row = pack_show_find(found, id);
    if (!row)
        return err_field(asked->err, ERR_NOT_FOUND, "clause", "%s has no clause '%.60s'", found->head->id,
                         id);
    return told(asked, pack_show_clause(found, row));
}

/* --- questions ------------------------------------------------------------------------------------ */

static enum errc grade_one(struct asked *asked, const struct pack *under, const struct facts *facts,
                           json_t *items)
{
    struct grade grade;
    enum errc rc = grade_facts(under, facts, asked->arena, &grade, asked->err);
    if (rc == ERR_OK)
        (void)json_array_append_new(items, grade_json(&grade, GRADE_ALL));
    return rc;
}

/* Under one pack, or under every one that grades: they can hold side by side. */
static enum errc grade(struct asked *asked)
{
    const struct pack_set *set = asked->reader->packs;
    const char *id = asked_text(asked, "pack");
    struct facts facts;
    bool any = false;
    json_t *items = json_array();
    enum errc rc = facts_read(asked->ask->body, pack_set_regions(set), asked->arena, &facts, asked->err);
    for (size_t i = 0; rc == ERR_OK && i < pack_set_count(set); i++) {
        const struct pack *under = pack_set_at(set, i);
        if (under->levels_count == 0 || (id && !streq(id, under->head->id)))
            continue;
        any = true;
        rc = grade_one(asked, under, &facts, items);
    }
    if (rc == ERR_OK && !any)
        rc = asked_wrong(asked, "pack", "there is no pack of this id that grades");
    if (rc < 0) {
        json_decref(items);
        return rc;
    }
    return told_list(asked, items, NULL);
}

static enum errc read_region(struct asked *asked, const char *name, const char **out)
{
    const char *code = asked_text(asked, name);
    if (code && !region_find(pack_set_regions(asked->reader->packs), code))
        return asked_wrong(asked, name, "there is no such region in GB/T 2260");
    *out = code;
    return ERR_OK;
}

static enum errc read_power_words(struct asked *asked, struct power_query *query)
{
    static const char *const TIERS[] = {"ministry", "province", "enterprise", "institution", "vendor", NULL};
    static const char *const COLOURS[] = {"", "red", "orange", "yellow", "blue", NULL};
    static const char *const LEVELS[] = {"", "I", "II", "III", "IV", NULL};
    static const char *const BASES[] = {"none", "state", "leading-group", NULL};
    static const char *const ANSWERS[] = {"", "yes", "no", NULL};
    int tier = -1;
    int colour = COLOUR_NONE;
    int level = LEVEL_NONE;
    int basis = BASIS_NONE;
    int consent = ANSWER_UNKNOWN;
    int started = ANSWER_UNKNOWN;
    const struct {
        const char *name;
        const char *const *words;
        int *out;
    } rows[] = {{"tier", TIERS, &tier},
                {"colour", COLOURS, &colour},
                {"level", LEVELS, &level},
                {"basis", BASES, &basis},
                {"consent", ANSWERS, &consent},
                {"response_started", ANSWERS, &started},
                {"publisher_tier", TIERS, &query->publisher_tier}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        enum errc rc = asked_word(asked, rows[i].name, rows[i].words, rows[i].out);
        if (rc < 0)
            return rc;
    }
    if (tier < 0)
        return asked_wrong(asked, "tier", "say which tier acts");
    query->tier = (enum tier)tier;
    query->colour = (enum colour)colour;
    query->level = (enum level)level;
    query->basis = (enum basis)basis;
    query->consent = (enum answer)consent;
    query->response_started = (enum answer)started;
    return ERR_OK;
}

static enum errc may(struct asked *asked)
{
    const char *act = asked_text(asked, "act");
    struct power_query query = power_query(act, TIER_MINISTRY);
    struct power_answer answer;
    if (!act || !power_known(asked->reader->packs, act))
        return asked_wrong(asked, "act", "say which act; no pack speaks of this one");
    enum errc rc = read_power_words(asked, &query);
    if (rc == ERR_OK)
        rc = read_region(asked, "region", &query.region);
    if (rc == ERR_OK)
        rc = read_region(asked, "target_region", &query.target_region);
    if (rc == ERR_OK)
        rc = read_region(asked, "publisher_region", &query.publisher_region);
    if (rc == ERR_OK) {
        rc = power_check(asked->reader->packs, &query, &answer, asked->err);
        if (rc == ERR_INVALID)
            err_field_prefix(asked->err, "query");
    }
    return rc < 0 ? rc : told(asked, power_json(&answer));
}

static enum errc read_day(struct asked *asked, const char *name, int32_t *out)
{
    const char *text = asked_text(asked, name);
    struct civil_date date;
    if (!text)
        return ERR_OK;
    if (civil_parse_date(text, &date, NULL) < 0)
        return asked_wrong(asked, name, "a date such as 2020-01-22 is expected");
    *out = civil_to_days(date);
    return ERR_OK;
}

static enum errc due(struct asked *asked)
{
    struct calendar_basis basis = {0};
    char text[CIVIL_DATE_SIZE];
    int32_t from = 0;
    int32_t as_of = CALENDAR_LATEST;
    int32_t day = 0;
    int64_t n = -1;
    enum errc rc = read_day(asked, "from", &from);
    if (rc == ERR_OK)
        rc = read_day(asked, "as_of", &as_of);
    if (rc == ERR_OK)
        rc = asked_int(asked, "working_days", 0, CALENDAR_DAYS_MAX, &n);
    if (rc == ERR_OK && (n < 0 || !asked_text(asked, "from")))
        rc = asked_wrong(asked, n < 0 ? "working_days" : "from", "it is required");
    if (rc == ERR_OK)
        rc = calendar_add(pack_set_calendar(asked->reader->packs), from, n, as_of, &day, &basis, asked->err);
    if (rc < 0)
        return rc;
    civil_format_date(civil_from_days(day), text);
    return told(asked, json_pack("{s:s,s:I,s:s,s:b,s:s}", "from", asked_text(asked, "from"), "working_days",
                                 (json_int_t)n, "due", text, "provisional", (int)basis.provisional,
                                 "calendar", basis.version));
}

/* GB/T 2260, whole or what lies in one region. */
static enum errc regions(struct asked *asked)
{
    static const char *const KINDS[] = {"country", "province", "prefecture"};
    const struct region_table *table = pack_set_regions(asked->reader->packs);
    const char *in = NULL;
    enum errc rc = read_region(asked, "in", &in);
    if (rc < 0)
        return rc;
    json_t *items = json_array();
    for (size_t i = 0; i < region_count(table); i++) {
        const struct region_row *row = region_at(table, i);
        if (!in || region_covers(in, row->code))
            (void)json_array_append_new(items, json_pack("{s:s,s:s,s:s}", "code", row->code, "name",
                                                         row->name, "kind", KINDS[row->kind]));
    }
    return told_list(asked, items, NULL);
}

const struct query_row QUERIES_LAW[] = {
    {"packs", packs}, {"pack", pack}, {"pack_rows", pack_rows}, {"clause", clause}, {"grade", grade},
    {"may", may},     {"due", due},   {"regions", regions},     {NULL, NULL},
};
