/* tests/unit/main/node_fixture.h — a node of its own in a new folder, made as `init` makes it. */
#ifndef UNIT_MAIN_NODE_FIXTURE_H
#define UNIT_MAIN_NODE_FIXTURE_H

#include "lib/shared.h"
#include "main/node.h"

struct node_fixture {
    char folder[SHARED_PATH_SIZE];
    struct arena arena;
    struct config config;
};

/* The ministry's node `miit`, or, when top is false, the node `tel-zj` that waits for its enrolment. */
void node_fixture_begin(struct node_fixture *fixture, bool top);
void node_fixture_end(struct node_fixture *fixture);

/* A path in the fixture's folder; in its arena. */
const char *node_fixture_path(struct node_fixture *fixture, const char *name);

/* One act by a person of that node; fails the test when it is refused. */
void node_fixture_act(struct node *node, const char *kind, const char *body, struct submission *out);

#endif
