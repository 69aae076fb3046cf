# SPDX-License-Identifier: BSD-2-Clause
# What `make check` only samples on real OP-TEE: every random message of tests/unit/ta/session_test.c, and every attack on packages
# of tests/unit/ta/package_attack_test.c. attacks.sh [STEP [RACES]]. A job for run.sh; `make check-attacks` runs it, which takes hours.
LUATEE_TEEC=libteec.so.2 /tests/session_test || exit
LUATEE_TEEC=libteec.so.2 ATTACK_APP=/tests/attack_app ATTACK_STEP=${1:-1} ATTACK_RACES=${2:-10000} \
    exec /tests/package_attack_test
