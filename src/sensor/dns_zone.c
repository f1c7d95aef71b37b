#include "sensor/dns_zone.h"

#include <string.h>

/* Labels under the two letters of a country that nobody owns. */
static const char *const SECOND[] = {"com", "net", "org", "gov", "edu", "ac",
                                     "co",  "mil", "or",  "ne",  "go",  "gob"};

/* Where the label that ends at end begins. */
static size_t label_start(struct str name, size_t end)
{
    while (end > 0 && name.p[end - 1] != '.')
        end--;
    return end;
}

static bool second_level(struct str label)
{
    for (size_t i = 0; i < sizeof SECOND / sizeof SECOND[0]; i++)
        if (str_eq(label, SECOND[i]))
            return true;
    return false;
}

struct dns_zone dns_zone_of(struct str name)
{
    struct dns_zone zone = {.zone = name, .label = name};
    size_t tld = label_start(name, name.n);
    zone.tld = (struct str){name.p + tld, name.n - tld};
    if (tld == 0)
        return zone;
    size_t second = label_start(name, tld - 1);
    size_t suffix = tld;
    size_t start = second;
    if (second > 0 && zone.tld.n == 2 && second_level((struct str){name.p + second, tld - 1 - second})) {
        suffix = second;
        start = label_start(name, second - 1);
    }
    zone.suffix = (struct str){name.p + suffix, name.n - suffix};
    zone.label = (struct str){name.p + start, suffix - 1 - start};
    zone.zone = (struct str){name.p + start, name.n - start};
    zone.before = (struct str){name.p, start > 0 ? start - 1 : 0};
    return zone;
}
