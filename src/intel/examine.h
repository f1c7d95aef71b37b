/* intel/examine.h — one record of a log against an index: every hit of it, exactly, with what holds it back.
 *
 * Lists of the known good hold a hit back. An allow list is the operator's word: what it names is good,
 * whatever an indicator says. A known-good list is common knowledge: it holds back an indicator that is as
 * broad as its own entry or broader; an indicator that says more than it stands.
 *
 * Layer    intel.
 * Owns     its work space; a finding and what it points to are lent to the visitor.
 * Threads  one examiner, one thread; indexes are shared.
 * Errors   ERR_DAMAGED from the index.
 * Tests    tests/unit/intel/test_examine.c
 */
#ifndef INTEL_EXAMINE_H
#define INTEL_EXAMINE_H

#include "intel/decoder.h"
#include "intel/find.h"

enum { EXAMINE_GOOD_MAX = 64, EXAMINE_KEPT_MAX = 64 };

enum good_weight { GOOD_ALLOW, GOOD_KNOWN };

struct good_list {
    const struct index *index;
    enum good_weight weight;
};

struct finding {
    const struct field *field; /* its name; of two fields together, the one that decided */
    struct str value;          /* as it stands in the log; a request is host and path */
    const struct find_hit *hit;
    const struct index *index;
    const struct good_list *held_by; /* NULL = it is reported */
    const struct find_hit *held_hit; /* in that list */
};
typedef void finding_visit_fn(void *context, const struct finding *finding);

struct examiner {
    const struct index *index;
    struct good_list good[EXAMINE_GOOD_MAX];
    size_t good_count;
    finding_visit_fn *visit;
    void *context;
    enum errc rc; /* of the record at hand */
    struct err *err;
    /* the record at hand */
    struct str value;
    const struct field *field;
    size_t kept_count;
    struct field kept[EXAMINE_KEPT_MAX]; /* fields that mean something together; their names are in names */
    size_t names_used;
    char names[EXAMINE_KEPT_MAX * 64];
    struct read_space space;
    struct find_hits hits;
    struct find_hits good_hits;
};

void examiner_init(struct examiner *examiner, const struct index *index, finding_visit_fn *visit,
                   void *context);
/* False when there are EXAMINE_GOOD_MAX already. */
MUST_USE bool examiner_add_good(struct examiner *examiner, const struct index *index,
                                enum good_weight weight);

MUST_USE enum errc examine(struct examiner *examiner, const struct decoder *decoder, struct str record,
                           struct err *err);

#endif
