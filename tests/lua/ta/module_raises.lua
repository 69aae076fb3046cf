-- SPDX-License-Identifier: BSD-2-Clause
error {code = 11}
