-- SPDX-License-Identifier: BSD-2-Clause
return internal_TA_call("is_not_there")
