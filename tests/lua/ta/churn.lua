-- SPDX-License-Identifier: BSD-2-Clause
-- Calls what it is given, and keeps nothing.
return function(i, each, once)
    each(i)
    each(once())
end
