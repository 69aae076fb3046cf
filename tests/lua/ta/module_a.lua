-- SPDX-License-Identifier: BSD-2-Clause
return {b = require "module_b"}
