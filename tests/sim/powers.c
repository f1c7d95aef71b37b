#include "sim/powers.h"

#include "base/str.h"
#include "domain/region.h"

enum { NOBODY = 0, MINISTRY = 1 << TIER_MINISTRY, PROVINCE = 1 << TIER_PROVINCE, BOTH = MINISTRY | PROVINCE };
enum { I = 1 << LEVEL_I, II = 1 << LEVEL_II, III_IV = 1 << LEVEL_III | 1 << LEVEL_IV };
enum { RED = 1 << COLOUR_RED, ORANGE = 1 << COLOUR_ORANGE, LOW = 1 << COLOUR_YELLOW | 1 << COLOUR_BLUE };

struct holder {
    const char *kind;
    unsigned levels;  /* named by the act; 0 = whatever */
    unsigned colours; /* the same */
    unsigned tiers;
    bool own_region; /* a province only in its own */
    bool approved;   /* by the state or the leading group */
};

static const struct holder HOLDERS[] = {
    {"incident.assessed", I | II, 0, MINISTRY, false, false},
    {"incident.assessed", III_IV, 0, BOTH, true, false},
    {"incident.marked_nonplan", 0, 0, BOTH, false, false},
    {"warning.published", 0, RED, NOBODY, false, false},
    {"warning.published", 0, ORANGE, MINISTRY, false, false},
    {"warning.published", 0, LOW, PROVINCE, true, false},
    {"warning.forwarded", 0, RED, MINISTRY, false, false},
    {"warning.forwarded", 0, ORANGE | LOW, NOBODY, false, false},
    {"warning.adjusted", 0, RED, NOBODY, false, false},
    {"warning.adjusted", 0, ORANGE, MINISTRY, false, false},
    {"warning.adjusted", 0, LOW, BOTH, true, false},
    {"warning.lifted", 0, 0, BOTH, false, false},
    {"risktip.published", 0, 0, BOTH, true, false},
    {"response.started", I, 0, MINISTRY, false, true},
    {"response.started", II, 0, MINISTRY, false, false},
    {"response.started", III_IV, 0, PROVINCE, true, false},
    {"response.level_changed", I, 0, MINISTRY, false, true},
    {"response.level_changed", II, 0, MINISTRY, false, false},
    {"response.level_changed", III_IV, 0, PROVINCE, true, false},
    {"response.ended", 0, 0, BOTH, false, false},
    {"order.issued", 0, 0, BOTH, false, false},
    {"order.reissued", 0, 0, BOTH, false, false},
    {"support.requested", 0, 0, BOTH, false, false},
    {"release.consented", 0, 0, MINISTRY, false, false},
    {"release.denied", 0, 0, MINISTRY, false, false},
    {"summary.consolidated", 0, 0, BOTH, false, false},
    {"commendation.recorded", 0, 0, MINISTRY, false, false},
    {"accountability.recorded", 0, 0, BOTH, false, false},
};

static const char *text(const struct act *act, const char *name)
{
    return json_string_value(json_object_get(act->body, name));
}

static bool outside(const struct act *act, const struct node_card *actor)
{
    size_t i;
    json_t *one;
    const char *region = text(act, "region");
    if (actor->tier != TIER_PROVINCE)
        return false;
    if (region && !region_covers(actor->region, region))
        return true;
    json_array_foreach(json_object_get(act->body, "regions"), i, one)
    {
        if (json_is_string(one) && !region_covers(actor->region, json_string_value(one)))
            return true;
    }
    return false;
}

const char *powers_against(const struct act *act, const struct node_card *actor)
{
    unsigned level = 1U << level_parse(text(act, "level"));
    unsigned colour = 1U << colour_parse(text(act, "colour"));
    for (size_t i = 0; i < sizeof HOLDERS / sizeof HOLDERS[0]; i++) {
        const struct holder *row = &HOLDERS[i];
        if (!streq(row->kind, act->kind) || (row->levels && !(row->levels & level)) ||
            (row->colours && !(row->colours & colour)))
            continue;
        if (!(row->tiers & 1U << actor->tier))
            return "this tier has no such power";
        if (row->own_region && outside(act, actor))
            return "a province acts in its own region only";
        const char *basis = text(act, "basis");
        if (row->approved && !streq(basis, "state") && !streq(basis, "leading-group"))
            return "nobody above has approved it";
        return NULL;
    }
    return NULL;
}
