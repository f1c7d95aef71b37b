/* unit/intel/field_fixture.h — fields that a reader gives, as text: "name=value" a line. */
#ifndef UNIT_INTEL_FIELD_FIXTURE_H
#define UNIT_INTEL_FIELD_FIXTURE_H

#include "intel/field.h"
#include "lib/check.h"

#include <stdio.h>
#include <string.h>

struct fields_told {
    char text[8192];
    size_t size;
};

static inline void field_fixture_take(void *context, const struct field *field)
{
    struct fields_told *told = context;
    told->size += (size_t)snprintf(told->text + told->size, sizeof told->text - told->size, "%.*s=%.*s\n",
                                   (int)field->name.n, field->name.p, (int)field->value.n, field->value.p);
    assert_true(told->size < sizeof told->text);
}

static inline struct str str_of(const char *text)
{
    return (struct str){text, strlen(text)};
}

#endif
