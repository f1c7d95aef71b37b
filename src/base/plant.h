/* base/plant.h — bugs on purpose, for the simulator to find. A build without FENGSUI_PLANT has none of this.
 *
 *     if (!PLANTED(ACCEPT_GAPS) && item->n != last + 1)
 *
 * Layer    base.
 * Owns     which bugs are on: the one variable of the program, and only in such a build.
 * Threads  set before any thread is made.
 * Data     plants.def
 * Tests    tests/unit/base/test_plant.c
 */
#ifndef BASE_PLANT_H
#define BASE_PLANT_H

#include "base/err.h"

enum plant {
#define PLANT(name, what) PLANT_##name,
#include "base/plants.def"
#undef PLANT
    PLANT_COUNT
};

#ifdef FENGSUI_PLANT
#define PLANTED(name) plant_on(PLANT_##name)
#else
#define PLANTED(name) false
#endif

/* "ACCEPT_GAPS", and what goes wrong then. */
const char *plant_name(enum plant plant);
const char *plant_what(enum plant plant);

#ifdef FENGSUI_PLANT
bool plant_on(enum plant plant);
void plant_set(enum plant plant, bool on);
#endif

#endif
