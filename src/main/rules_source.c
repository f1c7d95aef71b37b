#include "main/rules_source.h"

#include "domain/catalogue.h"
#include "main/embedded.h"
#include "main/folder.h"

enum { RULES_BYTES_MAX = 64 << 20 };

enum errc rules_source(struct call *call, const char *folder, struct pack_set **out, struct err *err)
{
    struct embed_set files = EMBED_rules;
    if (folder) {
        enum errc rc = folder_read(folder, ".yaml", RULES_BYTES_MAX, call->arena, &files, err);
        if (rc < 0)
            return rc;
    }
    return pack_set_load(&files, out, err);
}

static bool known(void *context, const char *kind)
{
    const struct subject_row *subject = NULL;
    return catalogue_act(context, kind, &subject) != NULL;
}

enum errc rules_check_kinds(const struct pack_set *set, struct err *err)
{
    struct embed_set acts = embed_under(&EMBED_api, "acts/");
    struct catalogue *catalogue = NULL;
    enum errc rc = catalogue_load(&acts, &catalogue, err);
    if (rc < 0)
        return rc;
    rc = pack_set_check_kinds(set, known, catalogue, err);
    catalogue_free(catalogue);
    return rc;
}
