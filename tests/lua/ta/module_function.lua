-- SPDX-License-Identifier: BSD-2-Clause
return function(x) return 2 * x end
