-- SPDX-License-Identifier: BSD-2-Clause
return require "module_ring_b"
