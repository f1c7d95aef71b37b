/* bell/news.h — what people are told, in few words.
 *
 * Minimal words hold severity, kind of event, number and link: enough to go and look, nothing to learn from.
 * Only a channel that is marked detailed gets the unit and the title.
 *
 * Layer    bell: pure.   Owns nothing.   Threads any.
 * Tests    tests/unit/bell/test_news.c
 */
#ifndef BELL_NEWS_H
#define BELL_NEWS_H

#include "base/buf.h"
#include "bell/channels.h"

struct news {
    const char *id; /* of the act, or of what else it is about: the same news is told once */
    enum severity severity;
    const char *what;   /* 收到突发事件报告 */
    const char *number; /* 文号 or a short id */
    const char *unit;   /* who reported or issued it */
    const char *title;
    const char *post; /* for whom; NULL = everybody */
    const char *link; /* address of the matter in the console; NULL = none */
    int64_t at_ms;
    bool drill;
    bool demo;
};

/* One line: "【演练】[紧急] 收到突发事件报告 浙〔2026〕3号". */
void news_subject(const struct news *news, const struct channel *channel, struct buf *out);
/* A few lines. */
void news_text(const struct news *news, const struct channel *channel, struct buf *out);

/* Cuts before the first character that does not fit. */
void news_cut(struct buf *text, size_t bytes_max);

#endif
