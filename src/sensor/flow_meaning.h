/* sensor/flow_meaning.h — what the fields of templates mean: one table for NetFlow v9 and IPFIX.
 *
 * Layer    sensor.   Threads any.   Owns nothing.
 * Data     flow_meanings.def; numbers of the IANA registry "IPFIX Information Elements" and of vendors.
 * Tests    tests/unit/sensor/test_flow_meaning.c
 */
#ifndef SENSOR_FLOW_MEANING_H
#define SENSOR_FLOW_MEANING_H

#include <stdbool.h>
#include <stdint.h>

enum flow_meaning {
    MEANING_NONE,
#define MEANING(name) MEANING_##name,
#define ELEMENT(enterprise, id, name)
#include "sensor/flow_meanings.def"
#undef MEANING
#undef ELEMENT
    MEANING_COUNT
};

enum { ENTERPRISE_REVERSE = 29305 }; /* RFC 5103: the same elements, the other way */

enum flow_meaning flow_meaning_of(uint32_t enterprise, uint16_t id);

#endif
