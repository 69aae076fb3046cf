-- SPDX-License-Identifier: BSD-2-Clause
return coroutine.yield("from a script")
