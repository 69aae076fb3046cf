-- SPDX-License-Identifier: BSD-2-Clause
-- Runs until somebody stops it.
while true do end
