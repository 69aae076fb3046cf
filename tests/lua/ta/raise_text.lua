-- SPDX-License-Identifier: BSD-2-Clause
-- The tests know the line below by its number.

error "boom"
