#include "lib/shared.h"

#include "lib/run.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

bool shared_find(const char *name, char out[SHARED_PATH_SIZE])
{
    const char *folder = getenv("FENGSUI_SHARED");
    (void)snprintf(out, SHARED_PATH_SIZE, "%s/%s", folder ? folder : "../shared", name);
    if (access(out, R_OK) == 0)
        return true;
    printf("skipped: %s is not here; name its folder in FENGSUI_SHARED\n", out);
    return false;
}

bool shared_folder(char out[SHARED_PATH_SIZE])
{
    const char *folder = getenv("TMPDIR");
    (void)snprintf(out, SHARED_PATH_SIZE, "%s/fengsui-test-XXXXXX", folder ? folder : "/tmp");
    return mkdtemp(out) != NULL;
}

bool shared_unpack(const char *archive, char out[SHARED_PATH_SIZE])
{
    if (!shared_folder(out))
        return false;
    const char *const words[] = {"tar", "-xf", archive, "-C", out, NULL};
    return run_program(words, NULL, 0) == 0;
}

void shared_remove(const char *folder)
{
    const char *const words[] = {"rm", "-rf", "--", folder, NULL};
    (void)run_program(words, NULL, 0);
}

char *shared_read(const char *path, size_t *size_bytes)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return NULL;
    char *bytes = NULL;
    if (fseek(file, 0, SEEK_END) == 0) {
        long size = ftell(file);
        rewind(file);
        bytes = size >= 0 ? malloc((size_t)size + 1) : NULL;
        if (bytes) {
            *size_bytes = fread(bytes, 1, (size_t)size, file);
            bytes[*size_bytes] = '\0';
        }
    }
    (void)fclose(file);
    return bytes;
}
