-- SPDX-License-Identifier: BSD-2-Clause
return TA_call("one"), TA_call("two")
