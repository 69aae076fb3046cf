#!/usr/bin/env lua
-- SPDX-License-Identifier: BSD-2-Clause
error "on line 3"
