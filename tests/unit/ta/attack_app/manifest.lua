-- SPDX-License-Identifier: BSD-2-Clause
return { name = "attack_app", version = "1.0", sequence = 5 }
