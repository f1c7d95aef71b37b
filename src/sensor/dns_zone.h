/* sensor/dns_zone.h — whose name it is: the part that somebody registered, and what stands before it.
 *
 * The registered part is the last two labels, or three below suffixes of countries such as com.cn and co.uk.
 *
 * Layer    sensor.   Threads any.   Owns nothing.
 * Data     SECOND in dns_zone.c.
 * Tests    tests/unit/sensor/test_dns_zone.c
 */
#ifndef SENSOR_DNS_ZONE_H
#define SENSOR_DNS_ZONE_H

#include "base/str.h"

struct dns_zone {
    struct str zone;   /* "example.com.cn"; the whole name when it has no more labels */
    struct str label;  /* "example" */
    struct str suffix; /* "com.cn" */
    struct str before; /* "www.a", without the dot behind */
    struct str tld;    /* "cn" */
};

struct dns_zone dns_zone_of(struct str name);

#endif
