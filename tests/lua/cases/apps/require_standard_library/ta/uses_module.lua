-- SPDX-License-Identifier: BSD-2-Clause
return require "module".own(), require "string".marked
