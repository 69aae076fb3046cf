-- SPDX-License-Identifier: BSD-2-Clause
-- The host calls functions of the TEE. The TEE calls none of the host, so that the app needs no permissions.
return {
    name = "sort",
    version = "1.0",
}
