/* sim/chance.h — the randomness of the cryptographic library, from a seed: keys and signatures are the same
 * in every run, so that also their sizes, and what depends on them, are.
 *
 * For this program only: whoever links it has no secrets any more.
 */
#ifndef SIM_CHANCE_H
#define SIM_CHANCE_H

#include <stdint.h>

/* From now on, in this process. */
void chance_take_over(uint64_t seed);

#endif
