/* Runs a fuzz target without libFuzzer: every file of the corpus and mutations of each, always the same. */
#include "fuzz.h"
#include "lib/shared.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>

enum { MUTATIONS = 400, INPUT_MAX_BYTES = 1 << 20 };

static uint64_t seed = 88172645463325252u;

static size_t choose(size_t below)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (size_t)(seed % below);
}

/* Flips, sets, deletes or doubles a stretch; returns the new size. */
static size_t mutate(uint8_t *bytes, size_t size)
{
    static const uint8_t LIKELY[] = {0,   '"', '{', '}',  '[',  ']',  ',', ':',
                                     '-', '0', '9', '\\', 0x7F, 0x80, 0xFF};
    if (size == 0)
        return 0;
    size_t at = choose(size);
    size_t n = 1 + choose(size - at < 16 ? size - at : 16);
    switch (choose(4)) {
    case 0: bytes[at] ^= (uint8_t)(1u << choose(8)); return size;
    case 1: bytes[at] = LIKELY[choose(sizeof LIKELY)]; return size;
    case 2: memmove(bytes + at, bytes + at + n, size - at - n); return size - n;
    default: memmove(bytes + at + n, bytes + at, size - at); return size + n;
    }
}

static void replay(const char *path)
{
    size_t size = 0;
    char *kept = shared_read(path, &size);
    must(kept && size <= INPUT_MAX_BYTES);
    (void)LLVMFuzzerTestOneInput((const uint8_t *)kept, size);
    for (int i = 0; i < MUTATIONS; i++) {
        uint8_t *bytes = malloc(size + 16 * 8 + 1);
        must(bytes != NULL);
        memcpy(bytes, kept, size);
        size_t changed = size;
        for (size_t rounds = 1 + choose(8); rounds > 0; rounds--)
            changed = mutate(bytes, changed);
        /* An exact copy, so that reading one byte behind the input is seen. */
        uint8_t *exact = malloc(changed ? changed : 1);
        must(exact != NULL);
        memcpy(exact, bytes, changed);
        (void)LLVMFuzzerTestOneInput(exact, changed);
        free(exact);
        free(bytes);
    }
    free(kept);
}

int main(int count, char **words)
{
    DIR *folder = count == 2 ? opendir(words[1]) : NULL;
    if (!folder) {
        (void)fprintf(stderr, "usage: %s FOLDER with the corpus\n", words[0]);
        return 2;
    }
    int files = 0;
    for (struct dirent *entry = readdir(folder); entry; entry = readdir(folder)) {
        char path[SHARED_PATH_SIZE];
        if (entry->d_name[0] == '.')
            continue;
        (void)snprintf(path, sizeof path, "%s/%s", words[1], entry->d_name);
        replay(path);
        files++;
    }
    (void)closedir(folder);
    printf("%d files, %d inputs\n", files, files * (1 + MUTATIONS));
    return files > 0 ? 0 : 1;
}
