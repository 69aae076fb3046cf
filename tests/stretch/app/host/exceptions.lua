-- SPDX-License-Identifier: BSD-2-Clause
-- Inputs whose stretch may be longer than two slices: how many slices they may take, and why that cannot be cut.
return {}
