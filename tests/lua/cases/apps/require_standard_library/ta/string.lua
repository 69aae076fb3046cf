-- SPDX-License-Identifier: BSD-2-Clause
-- A script with the name of a library: it can be called and imported, but `require` gives the library.
return {mine = function() return "the script" end}
