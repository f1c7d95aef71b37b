#include "base/err.h"

#include <stdio.h>
#include <string.h>

static const struct errc_info TABLE[] = {
#define ERRC(name, number, status, slug, hint) {ERR_##name, status, #name, slug, hint},
#include "base/errors.def"
#undef ERRC
};

void err_clear(struct err *err)
{
    if (err)
        memset(err, 0, sizeof *err);
}

struct err *err_note(struct err *err, const char *field, const char *fmt, ...)
{
    va_list args;
    if (!err)
        return NULL;
    err_clear(err);
    (void)snprintf(err->field, sizeof err->field, "%s", field);
    va_start(args, fmt);
    (void)vsnprintf(err->message, sizeof err->message, fmt, args);
    va_end(args);
    return err;
}

void err_field_prefix(struct err *err, const char *prefix)
{
    if (!err)
        return;
    char old[sizeof err->field];
    memcpy(old, err->field, sizeof old);
    const char *dot = (old[0] == '\0' || old[0] == '[') ? "" : ".";
    (void)snprintf(err->field, sizeof err->field, "%s%s%s", prefix, dot, old);
}

bool errc_is_fault(enum errc code)
{
    return code == ERR_IO || code == ERR_FULL || code == ERR_DAMAGED || code == ERR_NOMEM ||
           code == ERR_INTERNAL;
}

const struct errc_info *errc_info(enum errc code)
{
    for (size_t i = 0; i < sizeof TABLE / sizeof TABLE[0]; i++)
        if (TABLE[i].code == code)
            return &TABLE[i];
    return &TABLE[0];
}
