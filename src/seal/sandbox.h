/* seal/sandbox.h — gives up everything the signer does not need, for good.
 *
 * Afterwards the process can read and write what it has open, write and sync its journal, use memory (never
 * executable), get random bytes, and end. Every other system call answers EPERM; no file, socket, process
 * or debugger is to be had; memory is neither dumped nor traced.
 *
 * Layer    seal. Only src/seal includes it.
 * Errors   ERR_UNSUPPORTED when the kernel does not offer it.
 * Tests    tests/unit/seal/test_sandbox.c
 */
#ifndef SEAL_SANDBOX_H
#define SEAL_SANDBOX_H

#include "base/err.h"

MUST_USE enum errc sandbox_enter(struct err *err);

#endif
