/* What a document is made from, without a store: the shipped law and documents, an act and its matter. */
#ifndef UNIT_PAPER_DESK_OF_PAPER_H
#define UNIT_PAPER_DESK_OF_PAPER_H

#include "base/arena.h"
#include "lib/law.h"
#include "paper/words.h"

#define ACT_ID "0190f1c2-0000-7000-8000-000000000001"

struct desk_of_paper {
    struct law law;
    struct papers *papers;
    struct directory dir;
    struct node_card cards[3];
    struct subject matter;
    struct subject root;
    struct act act;
    struct paper_facts facts;
    struct arena arena;
};

/* Recorded 2009-05-19T22:00+08:00 by tel-zj, for the ministry and the province; body and doc are JSON. */
void paper_desk_open(struct desk_of_paper *desk, const char *kind, const char *type, const char *body,
                     const char *doc);
void paper_desk_close(struct desk_of_paper *desk);

/* The body of an incident report with everything the plan asks for. */
extern const char PAPER_REPORT[];
/* A yellow warning of a province. */
extern const char PAPER_WARNING[];

#endif
