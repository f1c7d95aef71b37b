/* intel/label.h — what a source says about an indicator.
 *
 * Layer    intel.   Threads any.   Owns nothing: texts are lent.
 * Tests    tests/unit/intel/test_label.c
 */
#ifndef INTEL_LABEL_H
#define INTEL_LABEL_H

#include "base/str.h"

/* Traffic Light Protocol 2.0. */
enum tlp { TLP_UNKNOWN, TLP_CLEAR, TLP_GREEN, TLP_AMBER, TLP_AMBER_STRICT, TLP_RED, TLP_COUNT };

enum { LABEL_UNKNOWN = -1, LABEL_CONFIDENCE_MAX = 100, LABEL_TEXT_MAX = 255 };
#define LABEL_NO_TIME INT64_MIN

/* What holds an indicator back instead of reporting it, for lists of the known good. */
enum label_match {
    MATCH_DEFAULT, /* a name and what is under it, a prefix and what is in it */
    MATCH_EXACT,   /* the value itself only */
    MATCH_COUNT
};

struct label {
    const char *source; /* name of the list */
    const char *family; /* "" = not known */
    int confidence;     /* 0 … 100; LABEL_UNKNOWN */
    enum tlp tlp;
    enum label_match match;
    int64_t valid_from_ms; /* LABEL_NO_TIME */
    int64_t valid_until_ms;
};

const char *tlp_name(enum tlp tlp); /* "amber+strict"; "" when unknown */
/* Upper or lower case, "TLP:" before it or not; "white" is clear. -1 for any other text. */
int tlp_parse(struct str text);

#endif
