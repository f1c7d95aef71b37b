#define OPENSSL_SUPPRESS_DEPRECATED /* its successor, a provider, is a hundred lines for the same */
#include "sim/chance.h"

#include "sim/dice.h"

#include <openssl/rand.h>

/* One process, one thread: the library asks through functions without a context. */
static struct dice dice;

static int fill(unsigned char *out, int size_bytes)
{
    dice_fill(&dice, out, (size_t)size_bytes);
    return 1;
}

static int ready(void)
{
    return 1;
}

void chance_take_over(uint64_t seed)
{
    static const RAND_METHOD METHOD = {.bytes = fill, .pseudorand = fill, .status = ready};
    dice = dice_fork(seed, "keys");
    (void)RAND_set_rand_method(&METHOD);
}
