#include "desk/standing.h"

#include "base/str.h"
#include "domain/judge.h"
#include "domain/region.h"

static bool has_power(const struct standing *standing, const char *power)
{
    for (size_t i = 0; i < standing->power_count; i++)
        if (streq(standing->powers[i], power))
            return true;
    return standing->all_powers;
}

static enum errc check_power(const struct matter *matter, const struct standing *standing, struct err *err)
{
    const char *power = judge_power(matter);
    if (!power || has_power(standing, power))
        return ERR_OK;
    return err_set(err, ERR_PERMISSION,
                   "%s (%s) needs the power %s, which this post does not have; the security administrator "
                   "grants it",
                   matter->row->zh, matter->row->kind, power);
}

static enum errc check_one_region(const struct standing *standing, const char *region, struct err *err)
{
    if (!region || !*region || region_covers(standing->region, region))
        return ERR_OK;
    return err_set(err, ERR_PERMISSION, "region %s lies outside that of this post (%s)", region,
                   standing->region);
}

/* The matter's own, and every one that the act names. */
static enum errc check_region(const struct matter *matter, const struct standing *standing, struct err *err)
{
    const json_t *regions = json_object_get(matter->body, "regions");
    if (!*standing->region)
        return ERR_OK;
    enum errc rc = check_one_region(standing, matter->subject ? matter->subject->region : NULL, err);
    if (rc >= 0 && matter->parent)
        rc = check_one_region(standing, matter->parent->region, err);
    if (rc >= 0)
        rc = check_one_region(standing, json_string_value(json_object_get(matter->body, "region")), err);
    for (size_t i = 0; rc >= 0 && i < json_array_size(regions); i++)
        rc = check_one_region(standing, json_string_value(json_array_get(regions, i)), err);
    return rc;
}

enum errc standing_check(const struct matter *matter, const struct standing *standing, struct err *err)
{
    if (!standing)
        return ERR_OK;
    if (matter->subject && *standing->user && streq(matter->subject->id, standing->user))
        return err_set(err, ERR_PERMISSION,
                       "nobody changes the rights of his own account; ask another "
                       "administrator");
    enum errc rc = check_power(matter, standing, err);
    if (rc >= 0)
        rc = check_region(matter, standing, err);
    if (rc >= 0 && matter->row->code && !standing->confirmed)
        rc = err_field(err, ERR_SECOND_FACTOR, "code", "%s (%s) needs a second factor", matter->row->zh,
                       matter->row->kind);
    return rc;
}
