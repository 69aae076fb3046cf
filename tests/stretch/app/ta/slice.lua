-- SPDX-License-Identifier: BSD-2-Clause
-- Some slices of the plainest loop.
for _ = 1, 10000000 do end
