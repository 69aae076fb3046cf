/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The services of the TEE in a script's table `tee`. Every call of a script has a table of its own; a service is put
 * into it when the script first asks for it, so that calls pay only for what they use.
 */
#ifndef LUATEE_CORE_LUALIB_SERVICE_H
#define LUATEE_CORE_LUALIB_SERVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lua.h"
#include "tee_internal_api.h"

/* Gives the table on the top of the stack the metatable that finds services. Once per state; raises memory errors. */
void service_setup(lua_State *L);

/* --- for the services themselves ---------------------------------------------------------------------------------- */

/* lua_CFunctions that push a service: a function, or a fresh table of functions. */
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

/* tee.kdf.pbkdf2, a lua_CFunction. */
int pbkdf2_derive(lua_State *L);

/* Units of fuel (core/vm/fuel.h): to open an operation of the TEE and use it once, some twenty system calls; to put one
 * byte through it, or through a loop of ours. */
#define SERVICE_FUEL_OPERATION 2000
#define SERVICE_FUEL_BYTE 2

/* Pushes the metatable of a type. True: it is a new one, for the caller to fill; then service_type_made keeps it. Not
 * before, or what there is of it when memory runs out would be that of every object of the session: one that scripts
 * can reach, and that does not close what the object holds. */
bool service_type(lua_State *L, const char *name);
void service_type_made(lua_State *L, const char *name);

/* Sets a field of the table on the top of the stack. */
void service_function(lua_State *L, const char *name, lua_CFunction function);

/* The argument idx, which must be a string: numbers are not converted, or 1 and 1.0 would differ and "1" would not.
 * Charges fuel for what will be done with its bytes. */
const uint8_t *service_bytes(lua_State *L, int idx, size_t *size);

/* The same; "" for nil and none. */
const uint8_t *service_optional_bytes(lua_State *L, int idx, size_t *size);

/* In a loop over bytes that are paid for: a look at the deadline after each SERVICE_PART of them. Raises an error when
 * the call must end. */
#define SERVICE_PART 65536
#define service_look(L, i) ((void)((i) % SERVICE_PART == SERVICE_PART - 1 && (service_look_now(L), 0)))
void service_look_now(lua_State *L);

/* The name of something in argument idx, which must be a string; "" for one with zeros in it: nothing is called so. */
const char *service_name(lua_State *L, int idx);

/* Raises what a function of the TEE returned: no memory, no such algorithm, or its code. `what` was to be done. */
int service_failed(lua_State *L, const char *what, TEE_Result result);

/* Pushes a userdata of `size` bytes to work in, and returns them. */
void *service_scratch(lua_State *L, size_t size);

/* Pushes a string of `size` bytes at `bytes`, and wipes them there. Returns 1, the number of results. */
int service_return(lua_State *L, void *bytes, size_t size);

/* What can be wrong with data from outside is no error: returns nil and the message. */
int service_refuse(lua_State *L, const char *message);

#endif
