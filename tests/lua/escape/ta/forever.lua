-- SPDX-License-Identifier: BSD-2-Clause
while true do end
