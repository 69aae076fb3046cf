-- SPDX-License-Identifier: BSD-2-Clause
return {greeting = tee.host.greeting()}
