-- SPDX-License-Identifier: BSD-2-Clause
-- A module, which is a function that runs until somebody stops it.
return function() while true do end end
