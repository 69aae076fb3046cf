/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Every limit both worlds agree on, by name. Sizes are bytes unless a name says otherwise. A test reaches each of them.
 */
#ifndef LUATEE_ABI_LIMITS_H
#define LUATEE_ABI_LIMITS_H

/* One half (request or response) of the shared memory that a session registers. Longer messages travel in pieces. */
#define LUATEE_BUFFER_SIZE (16u * 1024u)

/* A whole request or response, all pieces together: 4 MiB of payload and what is around it. */
#define LUATEE_MESSAGE_MAX (4u * 1024u * 1024u + 64u * 1024u)

/* Tables inside tables: a value that crosses nests at most this deep. */
#define LUATEE_VALUE_DEPTH_MAX 64

/* Arguments of one call, and results of one call. A script can hand them on, and on again, within its Lua stack. */
#define LUATEE_VALUES_MAX 32768

/* Trusted scripts that call each other: nesting of internal_TA_call / tee.call / require inside the TEE. */
#define LUATEE_CALL_DEPTH_MAX 32

/* Calls of the TEE to the host that wait at the same time: host functions may call trusted scripts, and so on. */
#define LUATEE_HOST_DEPTH_MAX 8

/* Functions of one world that a session lends to the other, at the same time. */
#define LUATEE_FUNCTIONS_MAX 4096

/* A script's name: 1 to this many of A-Z a-z 0-9 _ - . and not a leading dot. An app's name follows the same rule. */
#define LUATEE_NAME_MAX 64

/* Names that one question for what is stored may have: each is looked up in secure storage. */
#define LUATEE_STORE_NAMES_MAX 1024

/* Source of one trusted script. */
#define LUATEE_SCRIPT_MAX (1024u * 1024u)

/* What one answer carries of the trusted side's print output (dev flavour); the rest is in the TEE's log only. */
#define LUATEE_LOG_MAX 4096u

/* What goes to the TEE's own log, often a serial port: bytes a second, and bytes at once after a pause. */
#define LUATEE_LOG_RATE 1024u
#define LUATEE_LOG_BURST 2048u

/* A traceback in an error answer; longer ones are cut in the middle by Lua and at the end by us. */
#define LUATEE_TRACEBACK_MAX 4096u

/* A script's digest: SHA-256. */
#define LUATEE_DIGEST_SIZE 32u

/* All memory of one session in the TA: Lua state, scripts, and messages in flight. */
#define LUATEE_TA_MEMORY_MIB 12
#define LUATEE_TA_MEMORY_MAX (LUATEE_TA_MEMORY_MIB * 1024u * 1024u)

/* The least that a manifest or a host can ask for. A session has taken about 100 KiB when its first script runs. */
#define LUATEE_MEMORY_MIN_KIB 128
#define LUATEE_MEMORY_MIN (LUATEE_MEMORY_MIN_KIB * 1024u)

/* What a session may use when the app's manifest does not say: bytes of memory, and units of fuel of one call. */
#define LUATEE_MEMORY_DEFAULT (4u * 1024u * 1024u)
#define LUATEE_FUEL_DEFAULT 1000000000ull

/* Digests, MACs and keys of the TEE that the scripts of one session hold at a time. */
#define LUATEE_HANDLES_MAX 32

/* Bytes that they take of the memory of the TEE's kernel, which all sessions and TAs share: as many sessions as fit into
 * OP-TEE's secure memory can hold so much, and none stops another. docs/keys.md has the table, and the measurement. */
#define LUATEE_HANDLES_WEIGHT_MAX (24u * 1024u)

/* What tee.random gives at once. */
#define LUATEE_RANDOM_MAX (64u * 1024u)

/* tee.kdf.pbkdf2: iterations times blocks of output. */
#define LUATEE_PBKDF2_ROUNDS_MAX 1000000

/* Units of fuel after which a running call stops and lets the host decide: about 20 ms on a slow core. `make assert` builds
 * with slices of a few units. */
#ifndef LUATEE_SLICE
#define LUATEE_SLICE 2000000
#endif

/* Units of fuel between two looks at the deadline: the TEE looks by itself after each of these parts of a slice. */
#define LUATEE_LOOK (LUATEE_SLICE / 16)

/* Units of fuel that a call has in addition, once, for its <close> variables, when its budget is empty or it is
 * cancelled. */
#define LUATEE_FUEL_CLOSE 100000

/* Units of fuel that the <close> variables of a call may take, when an error of its own ends it. */
#define LUATEE_FUEL_UNWIND 2000000

/* Keys that an app keeps in secure storage. */
#define LUATEE_KEYS_MAX 32

/* A key in PEM, with what stands around it: the largest takes a fifth of this. */
#define LUATEE_PEM_MAX 16384

/* tee.store: a key, bytes; a value, bytes as it is encoded; how many keys; all keys and values of an app together. */
#define LUATEE_STORE_KEY_MAX 255u
#define LUATEE_STORE_VALUE_MAX (32u * 1024u)
#define LUATEE_STORE_KEYS_MAX 2048u
#define LUATEE_STORE_SIZE_MAX (128u * 1024u)

/* tee.counter: counters of an app. */
#define LUATEE_COUNTERS_MAX 32u

/* What a TA keeps of all apps together, one each: records of sequences, stores, sets of counters, and directories of keys
 * and stored scripts; and the keys and stored scripts of one app. */
#define LUATEE_RECORDS_MAX 2048u
#define LUATEE_APP_OBJECTS_MAX 2048u

/* Milliseconds that a session waits for an object in secure storage that another one holds; and after which one that
 * uses it again and again lets the others have it. */
#define LUATEE_BUSY_WAIT 3000u
#define LUATEE_BUSY_TURN 1000u

/* Units of fuel for a millisecond of such a wait, which leaves the core to others: the longest one is less than a slice. */
#define LUATEE_FUEL_WAIT 500

/* What Ed25519 signs: TEEs copy the message into their own memory, twice, and OP-TEE panics when there is none. */
#define LUATEE_ED25519_MESSAGE_MAX 4096u

#endif
