/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The services of the TEE in a script's table `tee`. Each call of a script has a table of its own. A service is added
 * to it when the script first uses the service, so that a call costs only what it uses.
 */
#ifndef LUATEE_CORE_LUALIB_SERVICE_H
#define LUATEE_CORE_LUALIB_SERVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lua.h"
#include "tee_internal_api.h"

/* Sets the metatable that adds services for the table at the top of the stack. To be called once for each Lua state.
 * Raises memory errors. */
void service_setup(lua_State *L);

/* --- for the services themselves ---------------------------------------------------------------------------------- */

/* lua_CFunctions that push a service: a function, or a new table of functions. */
int random_open(lua_State *L);
int digest_open(lua_State *L);
int mac_open(lua_State *L);
int aead_open(lua_State *L);
int cipher_open(lua_State *L);
int kdf_open(lua_State *L);
int key_open(lua_State *L);
int equal_open(lua_State *L);
int hex_open(lua_State *L);
int base64_open(lua_State *L);
int supports_open(lua_State *L);
int cbor_open(lua_State *L);
int store_open(lua_State *L);
int counter_open(lua_State *L);
int caller_open(lua_State *L);
int info_open(lua_State *L);
int time_open(lua_State *L);

/* The lua_CFunction tee.kdf.pbkdf2. */
int pbkdf2_derive(lua_State *L);

/* Units of fuel (core/vm/fuel.h): to open an operation of the TEE and use it once, which is about twenty system calls;
 * and for each byte that an operation or a loop of ours processes. */
#define SERVICE_FUEL_OPERATION 2000
#define SERVICE_FUEL_BYTE 2

/* Pushes the metatable of a type. Returns true when it is new: then the caller fills it, and calls service_type_made(),
 * which stores it. It is not stored earlier: if memory ran out in between, an incomplete metatable would be used for
 * all objects of the session. Scripts could access it, and it would not close what the objects hold. */
bool service_type(lua_State *L, const char *name);
void service_type_made(lua_State *L, const char *name);

/* Sets a field of the table at the top of the stack to a function. */
void service_function(lua_State *L, const char *name, lua_CFunction function);

/* Returns the string in argument idx, and charges fuel for its bytes. Raises an error for another type: numbers are not
 * converted, since 1 and 1.0 would be different strings, and 1 and "1" the same. */
const uint8_t *service_bytes(lua_State *L, int idx, size_t *size);

/* As service_bytes(), but returns "" for nil and for a missing argument. */
const uint8_t *service_optional_bytes(lua_State *L, int idx, size_t *size);

/* To be called for each byte i of a loop over bytes that are charged already: checks the deadline after every
 * SERVICE_PART bytes. Raises an error when the call must end. */
#define SERVICE_PART 65536
#define service_check_deadline(L, i)                                                                                   \
    ((void)((i) % SERVICE_PART == SERVICE_PART - 1 && (service_check_deadline_now(L), 0)))
void service_check_deadline_now(lua_State *L);

/* Returns the name in argument idx, which must be a string. Returns "" for a string with zero bytes in it, which is not
 * a name of anything. */
const char *service_name(lua_State *L, int idx);

/* Raises the error for the result of a TEE function. what: the operation or object that failed, at the beginning of the
 * message. */
int service_failed(lua_State *L, const char *what, TEE_Result result);

/* Pushes a userdata of `size` bytes as working memory, and returns it. The caller wipes secrets in it. */
void *service_scratch(lua_State *L, size_t size);

/* Pushes `size` bytes as a string, and wipes the bytes. Returns 1, the number of results. */
int service_return(lua_State *L, void *bytes, size_t size);

/* Pushes nil and the message, and returns 2, the number of results. For invalid data from outside, which is not an
 * error of the script. */
int service_push_fail(lua_State *L, const char *message);

#endif
