/* bell/ring.h — which channels are told of news, when, and who next while nobody acknowledges.
 *
 * Layer    bell: pure.   Owns nothing.   Threads any.
 * Tests    tests/unit/bell/test_ring.c
 */
#ifndef BELL_RING_H
#define BELL_RING_H

#include "bell/news.h"

/* True when the channel serves the post and the severity of the news. */
bool ring_serves(const struct channel *channel, const struct news *news);

/* When the channel may be told, at the earliest: now, or the end of its quiet hours. The gravest news wait
 * for nobody's sleep. */
int64_t ring_time(const struct channel *channel, enum severity severity, int64_t now_ms);

/* Who is told next while nobody acknowledges, and when; NULL when it ends here. */
const struct channel *ring_next(const struct channels *channels, const struct channel *channel,
                                int64_t told_ms, int64_t *out_ms);

/* How long to wait before try number n (from 1) of the same message; 0 = no more. */
int64_t ring_retry_ms(int tries);

#endif
