-- SPDX-License-Identifier: BSD-2-Clause
return internal_TA_call("add", ...) * 2
