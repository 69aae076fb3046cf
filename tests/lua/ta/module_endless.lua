-- SPDX-License-Identifier: BSD-2-Clause
-- A module that is never done with loading.
while true do end
