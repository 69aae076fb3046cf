-- SPDX-License-Identifier: BSD-2-Clause
-- Runs the source it is given, with the other arguments, among the globals of this call.
local source = ...
return assert(load(source, "=eval", "t", _ENV))(select(2, ...))
