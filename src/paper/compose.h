/* paper/compose.h — one document in words: a template filled in, element by element of GB/T 9704.
 *
 * Layer    paper: pure.
 * Owns     nothing; everything lives in the caller's arena.
 * Threads  any.
 * Errors   ERR_INVALID the act is not one that the template speaks of; ERR_NOMEM, ERR_LIMIT.
 * Data     documents/
 * Tests    tests/unit/paper/test_compose.c
 */
#ifndef PAPER_COMPOSE_H
#define PAPER_COMPOSE_H

#include "base/arena.h"
#include "paper/words.h"

enum { PAPER_LINES_MAX = 2000, PAPER_TEXT_BYTES = 1 << 20 };

enum paper_line_kind { PAPER_TEXT, PAPER_HEADING, PAPER_SUBHEADING };

struct paper_line {
    enum paper_line_kind kind;
    const char *text;
};

struct paper {
    const char *label;        /* on every page: a demonstration, a drill; NULL = the real thing */
    const char *head;         /* 发文机关标志 */
    const char *number;       /* 发文字号: it leads to the act on the ledger */
    const char *signer;       /* 签发人; NULL = no 上行文 */
    const char *title;        /* 标题 */
    const char *to;           /* 主送机关; NULL = none */
    struct paper_line *lines; /* 正文 */
    size_t line_count;
    const char **attachments; /* 附件说明 */
    size_t attachment_count;
    const char *organisation; /* 发文机关署名 */
    const char *date;         /* 成文日期 */
    const char *note;         /* 附注; NULL = none */
    const char *copies;       /* 抄送; NULL = none */
    const char *printed_on;   /* 印发日期 */
    const char *trace;        /* the act it is made from, for whoever checks it */
    const char *subject;      /* kind of document, for the file's own description */
    int64_t date_ms;
};

MUST_USE enum errc compose(const struct paper_facts *facts, const struct paper_row *row, struct arena *arena,
                           struct paper *out, struct err *err);

/* The label of acts that are not the real thing; NULL for those that are. */
const char *compose_label(const struct paper_facts *facts);

#endif
