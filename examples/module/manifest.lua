-- SPDX-License-Identifier: BSD-2-Clause
return {
    name = "module",
    version = "1.0",
}
