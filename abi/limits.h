/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The limits that both worlds agree on. Sizes are in bytes unless the name or the comment says otherwise. For each
 * limit there is a test that reaches it.
 */
#ifndef LUATEE_ABI_LIMITS_H
#define LUATEE_ABI_LIMITS_H

/* The size of each half, request and response, of the shared memory that a session registers. Longer messages are sent
 * in pieces. */
#define LUATEE_BUFFER_SIZE (16u * 1024u)

/* The size of a whole request or response, in all its pieces: 4 MiB of payload and the encoding around it. */
#define LUATEE_MESSAGE_MAX (4u * 1024u * 1024u + 64u * 1024u)

/* The nesting of tables in a value that crosses. */
#define LUATEE_VALUE_DEPTH_MAX 64

/* The number of arguments of a call, and of its results. A script can pass them on, and pass them on again, within its
 * Lua stack. */
#define LUATEE_VALUES_MAX 32768

/* The nesting of trusted scripts inside the TEE: by internal_TA_call, tee.call and require. */
#define LUATEE_CALL_DEPTH_MAX 32

/* The number of calls of the TEE to the host that wait at the same time: a host function may call a trusted script,
 * which may call the host again. */
#define LUATEE_HOST_DEPTH_MAX 8

/* The number of functions that a session lends from one world to the other, at the same time. */
#define LUATEE_FUNCTIONS_MAX 4096

/* The size of a script's or an app's name (abi/name.h). */
#define LUATEE_NAME_MAX 64

/* The number of names in one request for the list of stored scripts. Each is looked up in secure storage. */
#define LUATEE_STORE_NAMES_MAX 1024

/* The size of the source of a trusted script. */
#define LUATEE_SCRIPT_MAX (1024u * 1024u)

/* The bytes of print output that one answer carries to the host (dev flavour). The rest is in the TEE's log only. */
#define LUATEE_LOG_MAX 4096u

/* The bytes that a session writes to the TEE's own log, which is often a serial port: a second, and at once after a
 * pause. */
#define LUATEE_LOG_RATE 1024u
#define LUATEE_LOG_BURST 2048u

/* The size of a traceback in an error answer. Lua shortens longer ones in the middle, and we cut them at the end. */
#define LUATEE_TRACEBACK_MAX 4096u

/* The size of a script's digest, SHA-256. */
#define LUATEE_DIGEST_SIZE 32u

/* The memory of one session in the TA: its Lua state, its scripts, and its messages. */
#define LUATEE_TA_MEMORY_MIB 12
#define LUATEE_TA_MEMORY_MAX (LUATEE_TA_MEMORY_MIB * 1024u * 1024u)

/* The least memory that a manifest or a host can request. A session uses about 100 KiB when its first script starts. */
#define LUATEE_MEMORY_MIN_KIB 128
#define LUATEE_MEMORY_MIN (LUATEE_MEMORY_MIN_KIB * 1024u)

/* The defaults of a manifest: bytes of memory of a session, and units of fuel of one call. */
#define LUATEE_MEMORY_DEFAULT (4u * 1024u * 1024u)
#define LUATEE_FUEL_DEFAULT 1000000000ull

/* The number of digests, MACs and keys of the TEE that the scripts of one session hold at the same time. */
#define LUATEE_HANDLES_MAX 32

/* The bytes that these objects take in the memory of the TEE's kernel, which all sessions and TAs share. If all
 * sessions that fit into OP-TEE's secure memory use this much, none of them fails. docs/keys.md has the measurement. */
#define LUATEE_HANDLES_WEIGHT_MAX (24u * 1024u)

/* The bytes that one call of tee.random returns. */
#define LUATEE_RANDOM_MAX (64u * 1024u)

/* tee.kdf.pbkdf2: iterations times blocks of output. */
#define LUATEE_PBKDF2_ROUNDS_MAX 1000000

/* A slice: the units of fuel after which a running call stops, so that the host decides whether it goes on. That is
 * about 20 ms on a slow core. `make assert` builds with slices of a few units. */
#ifndef LUATEE_SLICE
#define LUATEE_SLICE 2000000
#endif

/* The units of fuel between two checks of the deadline, which the TEE makes by itself within a slice. */
#define LUATEE_LOOK (LUATEE_SLICE / 16)

/* The units of fuel that a call gets once, in addition, for its <close> variables, when its budget is empty or it is
 * cancelled. */
#define LUATEE_FUEL_CLOSE 100000

/* The units of fuel for the <close> variables of a call that ends with an error of its own. */
#define LUATEE_FUEL_UNWIND 2000000

/* The number of keys that an app has in secure storage. */
#define LUATEE_KEYS_MAX 32

/* The size of a key in PEM, with the text around it. The largest key takes a fifth of this. */
#define LUATEE_PEM_MAX 16384

/* tee.store: the size of a key, the size of an encoded value, the number of keys, and the size of all keys and values
 * of an app together. */
#define LUATEE_STORE_KEY_MAX 255u
#define LUATEE_STORE_VALUE_MAX (32u * 1024u)
#define LUATEE_STORE_KEYS_MAX 2048u
#define LUATEE_STORE_SIZE_MAX (128u * 1024u)

/* tee.counter: the number of counters of an app. */
#define LUATEE_COUNTERS_MAX 32u

/* The number of entries in the TA's directory: for each app, a record of its sequence, its store, its counters, and the
 * directory of its keys and stored scripts. And the number of entries in the directory of one app. */
#define LUATEE_RECORDS_MAX 2048u
#define LUATEE_APP_OBJECTS_MAX 2048u

/* Milliseconds that a session waits for an object in secure storage while another session has it open; and milliseconds
 * after which a session that uses an object again and again pauses, so that others can open it. */
#define LUATEE_BUSY_WAIT 3000u
#define LUATEE_BUSY_TURN 1000u

/* The units of fuel for a millisecond of such a wait, in which the core is free for others. The longest wait costs less
 * than a slice. */
#define LUATEE_FUEL_WAIT 500

/* The size of a message that Ed25519 signs. A TEE copies it into its own memory, twice, and OP-TEE panics when that
 * memory is exhausted. */
#define LUATEE_ED25519_MESSAGE_MAX 4096u

#endif
