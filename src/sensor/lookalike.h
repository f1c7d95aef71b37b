/* sensor/lookalike.h — whether a name imitates a protected one, at the same cost for any number of them.
 *
 * A name is folded: IDN is shown, and letters of any script that look alike become one ("рaypaI" is
 * "paypal"). Under that form it imitates a protected name when it is equal, up to two pairs that read as one
 * letter (rn, vv, cl), or when one letter was added, left out, changed or exchanged with its neighbour: both
 * then leave the same text when one letter is taken out of each. All such texts of the protected names are in
 * one table. Labels of less than LOOKALIKE_TYPING_MIN letters are near too much: for them only what looks the
 * same counts.
 *
 * Layer    sensor.
 * Owns     its table.
 * Threads  any, once it is made.
 * Errors   ERR_NOMEM.
 * Data     confusables.def, made by tools/confusables.py; FOLDS in lookalike.c.
 * Tests    tests/unit/sensor/test_lookalike.c, tests/oracle/lookalike_oracle.py
 */
#ifndef SENSOR_LOOKALIKE_H
#define SENSOR_LOOKALIKE_H

#include "base/str.h"

enum { LOOKALIKE_LABEL_MAX = 63, LOOKALIKE_LABEL_MIN = 2, LOOKALIKE_TYPING_MIN = 5 };

struct lookalike;

MUST_USE enum errc lookalike_new(struct lookalike **out, struct err *err);
void lookalike_free(struct lookalike *lookalike);

/* A registered name, "bank.example"; what is too short to be imitated is left out. */
MUST_USE enum errc lookalike_protect(struct lookalike *lookalike, struct str zone, struct err *err);

/* What is known to be itself, whatever it looks like. */
MUST_USE enum errc lookalike_allow(struct lookalike *lookalike, struct str zone, struct err *err);

enum imitation {
    IMITATION_NONE,
    IMITATION_SUFFIX,
    IMITATION_GLYPHS,
    IMITATION_PAIRS,
    IMITATION_TYPING,
    IMITATION_JOINED
};
const char *imitation_name(enum imitation imitation);

/* The protected name that is imitated; NULL when none is. name is whole: "www.bamk.example". */
const char *lookalike_find(const struct lookalike *lookalike, struct str name, enum imitation *out);

#endif
