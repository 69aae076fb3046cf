-- SPDX-License-Identifier: BSD-2-Clause
-- What the trusted scripts of this app may ask of the host.
return {
    name = "confirm",
    version = "1.0",
    permissions = {host = {"confirm"}},
}
