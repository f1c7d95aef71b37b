#include "main/rules_source.h"

#include "main/embedded.h"
#include "main/lawbook.h"

enum errc rules_source(struct call *call, const char *folder, struct pack_set **out, struct err *err)
{
    (void)call;
    return lawbook_packs(folder, out, err);
}

enum errc rules_check_kinds(const struct pack_set *set, struct err *err)
{
    struct catalogue *catalogue = NULL;
    enum errc rc = catalogue_load(&EMBED_api, &catalogue, err);
    if (rc == ERR_OK)
        rc = lawbook_check(set, catalogue, err);
    catalogue_free(catalogue);
    return rc;
}
