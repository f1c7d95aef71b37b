#include "domain/org.h"

#include "base/str.h"

#include <string.h>

/* Dates of one shape sort as texts. */
static bool valid_on(const struct alias_row *alias, const char *date)
{
    if (!date)
        return true;
    return (!alias->from || strcmp(alias->from, date) <= 0) &&
           (!alias->until || strcmp(date, alias->until) < 0);
}

const struct organisation_row *org_find(const struct pack *pack, const char *name, const char *date)
{
    for (uint32_t i = 0; i < pack->organisations_count; i++) {
        const struct organisation_row *row = &pack->organisations[i];
        if (streq(org_name_on(row, date), name))
            return row;
        for (uint32_t a = 0; a < row->aliases_count; a++)
            if (streq(row->aliases[a].name, name) && valid_on(&row->aliases[a], date))
                return row;
    }
    return NULL;
}

/* Only an alias that ended can have been the name of that day instead of today's. */
const char *org_name_on(const struct organisation_row *row, const char *date)
{
    for (uint32_t a = 0; date && a < row->aliases_count; a++)
        if (row->aliases[a].until && valid_on(&row->aliases[a], date))
            return row->aliases[a].name;
    return row->name;
}
