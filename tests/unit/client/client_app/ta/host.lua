-- SPDX-License-Identifier: BSD-2-Clause
-- Calls the export NAME with the rest of the arguments; an error that it raises is returned after false.
local name = ...
return pcall(tee.host[name], select(2, ...))
