/* main/demo_script.h — the demonstration as data: which nodes, and what they do one after the other.
 *
 * Read from demo/country.yaml and demo/scenario.yaml, which are built into the binary.
 *
 * Layer    main.
 * Owns     demo_script_load gives an object freed by demo_script_free; rows are lent.
 * Threads  immutable after loading.
 * Errors   ERR_SYNTAX, ERR_INVALID with file and line.
 * Data     demo/
 * Tests    tests/e2e/test_demo.py
 */
#ifndef MAIN_DEMO_SCRIPT_H
#define MAIN_DEMO_SCRIPT_H

#include "base/embed.h"

struct demo_node {
    const char *id;
    const char *name;
    const char *tier;
    const char *region;
    const char *parent; /* NULL for the top */
    bool large;
    const char **roles;
    uint32_t roles_count;
};

/* What the law is expected to say no with. */
struct demo_refusal {
    const char *code;   /* slug of errors.def: "power", "state", "permission" */
    const char *clause; /* NULL = any */
};

/* Until a node sees a matter as described, or a duty in a state. */
struct demo_wait {
    const char *node;
    const char *matter; /* name given by `as` */
    const char *state;
    const char *owner;
    bool offered;     /* its ownership is offered to somebody */
    const char *duty; /* rule id */
    const char *of;   /* the matter the duty hangs on */
};

struct demo_step {
    const char *node;
    const char *act;
    const char *as;
    const char *about;
    const char *under;
    const char *body;
    const char *control; /* done to the country: demo_control.h */
    struct demo_refusal *refused;
    struct demo_wait *wait;
    const char *zh;
};

struct demo_chapter {
    const char *zh;
    const char *en;
    struct demo_step *steps;
    uint32_t steps_count;
};

struct demo_script {
    struct demo_node *nodes;
    uint32_t nodes_count;
    struct demo_chapter *chapters;
    uint32_t chapters_count;
};

struct demo_files;

/* The set holds "country.yaml" and "scenario.yaml". *out lives as long as *out_files. */
MUST_USE enum errc demo_script_load(const struct embed_set *set, struct demo_files **out_files,
                                    struct demo_script *out, struct err *err);
void demo_script_free(struct demo_files *files);

#endif
