-- SPDX-License-Identifier: BSD-2-Clause
return {count = 1}
