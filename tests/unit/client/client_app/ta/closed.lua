-- SPDX-License-Identifier: BSD-2-Clause
return {closed = false}
