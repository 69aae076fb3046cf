-- SPDX-License-Identifier: BSD-2-Clause
-- `permissions.host` lists the host functions that this app's trusted scripts may call.
return {
    name = "confirm",
    version = "1.0",
    permissions = {host = {"confirm"}},
}
