/* unit/intel/json_fixture.h — fields of a record by way of jansson, to hold our readers to; and random
 * records that are valid JSON in every spelling. */
#ifndef UNIT_INTEL_JSON_FIXTURE_H
#define UNIT_INTEL_JSON_FIXTURE_H

#include "intel/field.h"
#include "intel/json_read.h"

#include <jansson.h>

struct json_random {
    uint64_t seed;
    char text[1 << 16];
    size_t size;
};

/* One object, without a line end unless pretty. */
void json_random_record(struct json_random *random, bool pretty);

/* The same as json_read(), through a parse tree; false when jansson refuses the text. */
bool json_fixture_read(const struct field_table *table, struct str record, field_visit_fn *visit,
                       void *context);

#endif
