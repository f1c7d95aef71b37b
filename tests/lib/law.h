/* lib/law.h — the shipped rule packs and catalogue of acts, read from the repository.
 *
 * Fails the test on any error. */
#ifndef LIB_LAW_H
#define LIB_LAW_H

#include "domain/catalogue.h"
#include "domain/pack_set.h"

struct law {
    struct catalogue *catalogue;
    struct pack_set *packs;
};

void law_open(struct law *law);
void law_close(struct law *law);

#endif
