/* paper/papers.h — templates of documents and registers, the form of papers, and the words of codes.
 *
 * Rows come from the files below documents/; their lists may be spread over files as one likes. A set that
 * loads is sound against the catalogue: every type and act that a template names is there.
 *
 * Layer    paper: no I/O.
 * Owns     papers_load gives an object freed by papers_free; rows are lent.
 * Threads  immutable after loading.
 * Errors   ERR_SYNTAX with file and line; ERR_INVALID naming the template.
 * Data     documents/
 * Tests    tests/unit/paper/test_papers.c
 */
#ifndef PAPER_PAPERS_H
#define PAPER_PAPERS_H

#include "base/embed.h"
#include "domain/catalogue.h"
#include "domain/pack_law.h"

/* One part of a document: what it says comes from `text` or `field`, once or for each entry of a list. */
struct paper_part {
    const char *heading; /* 一、… before what it says; NULL = none */
    const char *sub;     /* （一）… */
    const char *text;
    const char *field;
    const char *each;
};

/* How a warning is told in CAP 1.2. */
struct paper_cap {
    const char *kind; /* Alert, Update, Cancel; NULL = Alert */
    const char *event;
    const char *headline;
    const char *description;
    const char *instruction;
    const char *contact;
    const char *area;
    struct names regions; /* fields that hold them: the first that is there counts */
};

struct paper_row {
    const char *document; /* "incident-report" */
    const char *zh;
    const char *en;
    const char *of;    /* type of matter */
    struct names acts; /* it is about the last of these, unless one is named */
    const char *clause;
    bool upward;      /* 上行文: with 签发人 */
    const char *head; /* 发文机关标志 */
    const char *title;
    const char *to; /* "addressees" of the act, or a text */
    struct paper_part *parts;
    uint32_t parts_count;
    struct paper_part *attachments;
    const char *note;   /* 附注 */
    const char *copies; /* 抄送 */
    struct paper_cap *cap;
};

struct paper_column {
    const char *zh;
    const char *field;
    int64_t width; /* in characters */
};

struct register_row {
    const char *name; /* "incidents" */
    const char *zh;
    const char *en;
    const char *of;
    const char *clause;
    struct paper_column *columns;
    uint32_t columns_count;
};

struct word_value {
    const char *id;
    const char *zh;
};

struct word_row {
    const char *field;
    const char *list; /* an enum of the rule packs; NULL = the values here */
    struct word_value *values;
    uint32_t values_count;
};

/* The form of every paper. */
struct paper_house {
    const char *song; /* faces for PDF: families in the order in which they are tried */
    const char *song_bold;
    const char *fang;
    const char *hei;
    const char *kai;
    const char *word_song; /* faces that the readers of a DOCX have */
    const char *word_fang;
    const char *word_hei;
    const char *word_kai;
    struct names files;      /* of faces besides those that the system knows */
    const char *demo_prefix; /* of the ids of demonstration nodes */
    const char *demo_name;   /* … or of their names */
    const char *demo_label;
    const char *drill_label;
    const char *many; /* 主送 when there are more than many_over */
    int64_t many_over;
};

struct papers;

MUST_USE enum errc papers_load(const struct embed_set *files, const struct catalogue *catalogue,
                               struct papers **out, struct err *err);
void papers_free(struct papers *papers); /* takes NULL */

const struct paper_house *papers_house(const struct papers *papers);

/* NULL past the end, or when there is none of that name. */
const struct paper_row *papers_at(const struct papers *papers, size_t index);
const struct paper_row *papers_find(const struct papers *papers, const char *document);
const struct register_row *papers_register_at(const struct papers *papers, size_t index);
const struct register_row *papers_register(const struct papers *papers, const char *name);

const struct word_row *papers_word_at(const struct papers *papers, size_t index);

#endif
