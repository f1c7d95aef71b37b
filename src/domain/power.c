#include "domain/power.h"

#include "base/str.h"
#include "domain/region.h"

#include <string.h>

static const char *const BASES[] = {"none", "state", "leading-group"};

const char *basis_name(enum basis basis)
{
    return BASES[basis];
}

int basis_parse(const char *name)
{
    for (size_t i = 0; i < sizeof BASES / sizeof BASES[0]; i++)
        if (streq(BASES[i], name))
            return (int)i;
    return -1;
}

struct power_query power_query(const char *act, enum tier tier)
{
    return (struct power_query){.act = act, .tier = tier, .publisher_tier = -1};
}

bool power_known(const struct pack_set *set, const char *act)
{
    for (size_t p = 0; p < pack_set_count(set); p++) {
        const struct pack *pack = pack_set_at(set, p);
        for (uint32_t i = 0; i < pack->powers_count; i++)
            if (streq(pack->powers[i].act, act))
                return true;
    }
    return false;
}

static const char *answer_word(enum answer answer)
{
    return answer == ANSWER_YES ? "yes" : "no";
}

/* The ministry's region is the country. */
static const char *own_region(const struct power_query *query)
{
    return query->region ? query->region : query->tier == TIER_MINISTRY ? "000000" : NULL;
}

/* "own": the target lies in the actor's region; a target not told is the actor's own. A code: the actor
 * itself must be of that region. */
static bool region_fits(const struct power_need *need, const struct power_query *query)
{
    const char *own = own_region(query);
    if (names_have(&need->in, "own"))
        return !query->target_region || region_covers(own, query->target_region);
    for (uint32_t i = 0; i < need->in.count; i++)
        if (!own || region_covers(need->in.at[i], own))
            return true;
    return false;
}

/* "self": the actor published it; not told counts as its own. "self-told": it must be told. */
static bool publisher_fits(const struct power_need *need, const struct power_query *query)
{
    const char *own = own_region(query);
    if (query->publisher_tier < 0)
        return names_have(&need->in, "self");
    if ((enum tier)query->publisher_tier != query->tier)
        return false;
    return !query->publisher_region || !own || streq(query->publisher_region, own);
}

static bool met(const struct power_need *need, const struct power_query *query)
{
    switch ((enum power_what)need->what) {
    case POWER_TIER: return names_have(&need->in, tier_name(query->tier));
    case POWER_REGION: return region_fits(need, query);
    case POWER_PUBLISHER: return publisher_fits(need, query);
    case POWER_BASIS: return names_have(&need->in, basis_name(query->basis));
    case POWER_CONSENT: return names_have(&need->in, answer_word(query->consent));
    case POWER_RESPONSE_STARTED: return names_have(&need->in, answer_word(query->response_started));
    case POWER_NOBODY:
    case POWER_WHAT_COUNT: break;
    }
    return false;
}

static const struct power_need *first_unmet(const struct power_row *row, const struct power_query *query)
{
    for (uint32_t i = 0; i < row->needs_count; i++)
        if (!met(&row->needs[i], query))
            return &row->needs[i];
    return NULL;
}

/* Rows are asked in their order: the first that allows wins, else the one whose unmet need came latest,
 * because that is the holder of the power who lacks least. */
struct search {
    const struct power_query *query;
    struct power_answer best;
    uint32_t depth;
    bool found;
};

static void consider(struct search *search, const struct pack *pack, const struct power_row *row)
{
    const struct power_need *need = first_unmet(row, search->query);
    uint32_t depth = need ? (uint32_t)(need - row->needs) : row->needs_count;
    if (search->found && (search->best.allowed || (need && depth <= search->depth)))
        return;
    search->found = true;
    search->depth = depth;
    search->best = (struct power_answer){
        .allowed = !need,
        .pack = pack,
        .row = row,
        .need = need,
        .clause = need ? need->law->clause : row->law->clause,
        .why = need ? (struct said){need->zh, need->en} : (struct said){row->zh, row->en},
        .then = need ? &need->then : &row->then,
    };
}

/* No row matched: what it turns on was not told, or no rule speaks of it. */
static enum errc refuse_unmatched(const struct pack_set *set, const struct power_query *query,
                                  struct err *err)
{
    bool colour = false;
    bool level = false;
    for (size_t p = 0; p < pack_set_count(set); p++) {
        const struct pack *pack = pack_set_at(set, p);
        for (uint32_t i = 0; i < pack->powers_count; i++) {
            const struct power_row *row = &pack->powers[i];
            bool same = streq(row->act, query->act);
            colour |= same && row->when.colour_count > 0;
            level |= same && row->when.level_count > 0;
        }
    }
    if (level && query->level == LEVEL_NONE)
        return err_field(err, ERR_INVALID, "level", "whether %s is allowed turns on the level%s; give it",
                         query->act, colour ? ", or on the colour of a warning" : "");
    if (colour && query->colour == COLOUR_NONE)
        return err_field(err, ERR_INVALID, "colour", "whether %s is allowed turns on the colour; give it",
                         query->act);
    return err_field(err, ERR_INVALID, "act", "no rule speaks of %s for this colour or level", query->act);
}

enum errc power_check(const struct pack_set *set, const struct power_query *query, struct power_answer *out,
                      struct err *err)
{
    struct search search = {.query = query};
    struct pack_case subject = {.level = query->level, .colour = query->colour};
    if (!power_known(set, query->act))
        return err_field(err, ERR_INVALID, "act", "no pack has a power for the act '%.60s'", query->act);
    if (query->target_region && !own_region(query))
        return err_field(err, ERR_INVALID, "region", "the actor's own region is needed beside the target's");
    for (size_t p = 0; p < pack_set_count(set); p++) {
        const struct pack *pack = pack_set_at(set, p);
        for (uint32_t i = 0; i < pack->powers_count; i++) {
            const struct power_row *row = &pack->powers[i];
            if (row->enforce && streq(row->act, query->act) && pack_when(pack, &row->when, &subject))
                consider(&search, pack, row);
        }
    }
    if (!search.found)
        return refuse_unmatched(set, query, err);
    *out = search.best;
    return ERR_OK;
}

json_t *power_json(const struct power_answer *answer)
{
    json_t *then = json_array();
    for (uint32_t i = 0; i < answer->then->count; i++) {
        const struct said *said = &answer->then->at[i];
        if (json_array_append_new(then, json_sprintf("%s（%s）", said->en, said->zh)) < 0) {
            json_decref(then);
            return NULL;
        }
    }
    json_t *why = json_sprintf("%s（%s）", answer->why.en, answer->why.zh);
    return json_pack("{s:b, s:s, s:s, s:s, s:o, s:o}", "allowed", (int)answer->allowed, "pack",
                     answer->pack->head->id, "clause", answer->clause, "rule", answer->row->id, "why", why,
                     "then", then);
}
