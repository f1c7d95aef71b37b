#include "main/lawbook.h"

#include "main/embedded.h"
#include "main/folder.h"

enum { LAW_BYTES_MAX = 64 << 20 };

static bool kind_known(void *context, const char *kind)
{
    return catalogue_act(context, kind, NULL) != NULL;
}

enum errc lawbook_check(const struct pack_set *packs, struct catalogue *catalogue, struct err *err)
{
    return pack_set_check_kinds(packs, kind_known, catalogue, err);
}

enum errc lawbook_packs(const char *folder, struct pack_set **out, struct err *err)
{
    struct arena files;
    struct embed_set set = EMBED_rules;
    enum errc rc = ERR_OK;
    arena_init(&files, 2 * LAW_BYTES_MAX);
    if (folder && *folder)
        rc = folder_read(folder, ".yaml", LAW_BYTES_MAX, &files, &set, err);
    if (rc == ERR_OK)
        rc = pack_set_load(&set, out, err);
    arena_done(&files);
    return rc;
}

enum errc lawbook_open(const char *folder, struct lawbook *out, struct err *err)
{
    struct lawbook law = {0};
    enum errc rc = catalogue_load(&EMBED_api, &law.catalogue, err);
    if (rc == ERR_OK)
        rc = lawbook_packs(folder, &law.packs, err);
    if (rc == ERR_OK)
        rc = lawbook_check(law.packs, law.catalogue, err);
    if (rc == ERR_OK)
        rc = papers_load(&EMBED_documents, law.catalogue, &law.papers, err);
    if (rc < 0) {
        lawbook_close(&law);
        return rc;
    }
    *out = law;
    return ERR_OK;
}

void lawbook_close(struct lawbook *law)
{
    papers_free(law->papers);
    pack_set_free(law->packs);
    catalogue_free(law->catalogue);
    *law = (struct lawbook){0};
}
