/* SPDX-License-Identifier: BSD-2-Clause */
#include "client/base/login.h"

#include "client/engine/teec.h"

/* Linux decides about logins before the TEE sees the session. libteec maps EINVAL (no such login) to BAD_PARAMETERS,
 * and EPERM (not in the group) to its result for unknown errors. */
bool luatee_teec_is_login_error(luatee_login login, TEEC_Result result, uint32_t origin)
{
    if (login == LUATEE_LOGIN_PUBLIC || (origin != TEEC_ORIGIN_API && origin != TEEC_ORIGIN_COMMS))
        return false;
    return result == TEEC_ERROR_BAD_PARAMETERS || result == TEEC_ERROR_NOT_SUPPORTED ||
           result == TEEC_ERROR_NOT_IMPLEMENTED || result == TEEC_ERROR_ACCESS_DENIED || result == TEEC_ERROR_GENERIC;
}

luatee_status luatee_teec_login_error(luatee_login login, uint32_t group, TEEC_Result result, luatee_error *error)
{
    if (luatee_login_has_group(login) && (result == TEEC_ERROR_ACCESS_DENIED || result == TEEC_ERROR_GENERIC))
        return luatee_error_set(
            error, LUATEE_USAGE,
            "login as group %u is refused: this process is not in that group (`id` lists its groups)", group);
    return luatee_error_set(
        error, LUATEE_NO_TEE,
        "login '%s' is refused (0x%08x): the TEE's driver does not offer it; Linux has public, user and group",
        luatee_login_name(login), result);
}
