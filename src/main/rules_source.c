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

enum errc rules_check_kinds(struct call *call, const struct pack_set *set, struct err *err)
{
    struct embed_set acts = embed_under(&EMBED_api, "acts/");
    struct catalogue_file *files = arena_array(call->arena, acts.count, sizeof *files);
    struct catalogue *catalogue = NULL;
    if (!files)
        return err_set(err, ERR_NOMEM, "out of memory");
    for (size_t i = 0; i < acts.count; i++)
        files[i] = (struct catalogue_file){acts.files[i].path, acts.files[i].bytes, acts.files[i].size_bytes};
    enum errc rc = catalogue_load(files, acts.count, &catalogue, err);
    if (rc < 0)
        return rc;
    rc = pack_set_check_kinds(set, known, catalogue, err);
    catalogue_free(catalogue);
    return rc;
}
