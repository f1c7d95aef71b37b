/* intel/subject.h — what the value of a field speaks about: names, addresses, URLs, digests, numbers.
 *
 * Layer    intel.
 * Owns     nothing: a subject is lent to the visitor.
 * Threads  any.
 * Errors   a value that is nothing of its type speaks about nothing.
 * Tests    tests/unit/intel/test_subject.c
 */
#ifndef INTEL_SUBJECT_H
#define INTEL_SUBJECT_H

#include "intel/field.h"
#include "intel/indicator.h"

enum subject_kind {
    SUBJECT_NAME,
    SUBJECT_IP,
    SUBJECT_PREFIX,
    SUBJECT_ENDPOINT,
    SUBJECT_URL,
    SUBJECT_DIGEST,
    SUBJECT_NUMBER
};

struct subject {
    enum subject_kind kind;
    struct str name;
    struct ip ip;
    uint8_t length; /* PREFIX */
    uint16_t port;  /* ENDPOINT */
    const struct url *url;
    const uint8_t *digest;
    size_t digest_bytes;
    enum kind algorithm; /* KIND_COUNT = any of this size */
    struct number_range number;
};
typedef void subject_visit_fn(void *context, const struct subject *subject);

void subject_each(enum field_type type, enum kind algorithm, struct str value, subject_visit_fn *visit,
                  void *context);

/* Two fields together. */
void subject_of_request(struct str host, struct str path, subject_visit_fn *visit, void *context);
void subject_of_endpoint(struct str address, struct str port, subject_visit_fn *visit, void *context);

#endif
