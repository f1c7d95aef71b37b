/* unit/intel/index_fixture.h — an index made of a few texts, in a folder of its own. */
#ifndef UNIT_INTEL_INDEX_FIXTURE_H
#define UNIT_INTEL_INDEX_FIXTURE_H

#include "intel/index_build.h"
#include "lib/check.h"

struct index_fixture {
    char folder[64];
    char path[96];
    struct index_build *build;
    struct index *index;
};

/* A clock that stands still and random bytes that repeat. */
extern const struct env FIXTURE_ENV;

void fixture_begin(struct index_fixture *fixture);
/* The text must be an indicator; source and family go into its label. */
void fixture_add(struct index_fixture *fixture, const char *text, const char *source, const char *family);
/* Writes and opens it, all checked. */
void fixture_open(struct index_fixture *fixture);
void fixture_end(struct index_fixture *fixture);

#endif
