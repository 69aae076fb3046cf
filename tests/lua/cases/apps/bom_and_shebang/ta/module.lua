#!/usr/bin/env lua
-- SPDX-License-Identifier: BSD-2-Clause
-- A module.
return {name = ...}
