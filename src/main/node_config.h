/* main/node_config.h — which configuration a command on this machine works with.
 *
 *   --config FILE   ›   --data DIR (DIR/fengsui.yaml)   ›   $FENGSUI_CONFIG   ›   /etc/fengsui.yaml
 *
 * Layer    main.
 * Owns     texts live in the call's arena.
 * Threads  the main thread.
 * Errors   ERR_NOT_FOUND, with what was looked for; those of config_load.
 * Tests    tests/unit/main/test_node_config.c
 */
#ifndef MAIN_NODE_CONFIG_H
#define MAIN_NODE_CONFIG_H

#include "main/call.h"
#include "main/config.h"

/* Rows for the options of such a command. */
#define NODE_CONFIG_OPTIONS                                                                                  \
    {.name = "config",                                                                                       \
     .letter = 'c',                                                                                          \
     .kind = OPTION_TEXT,                                                                                    \
     .value = "FILE",                                                                                        \
     .text = "configuration; else $FENGSUI_CONFIG, else /etc/fengsui.yaml"},                                 \
    {                                                                                                        \
        .name = "data", .kind = OPTION_TEXT, .value = "DIR",                                                 \
        .text = "data directory that holds fengsui.yaml, in the place of --config"                           \
    }

/* The file's path; NULL when the arena is exhausted. */
const char *node_config_path(struct call *call);
MUST_USE enum errc node_config_read(struct call *call, struct config *out, struct err *err);

/* What `init` was told; NULL leaves the default. */
struct node_config_new {
    const char *id;
    const char *data;
    const char *api_listen;
    const char *link_listen;
    const char *link_url;
    const char *rules;
};
/* A new configuration file; its values are checked by reading it back. */
MUST_USE enum errc node_config_write(struct call *call, const char *path,
                                     const struct node_config_new *values, struct config *out,
                                     struct err *err);

#endif
