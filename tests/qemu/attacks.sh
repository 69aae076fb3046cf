# SPDX-License-Identifier: BSD-2-Clause
# Every attack on packages, on real OP-TEE: attacks.sh [STEP [RACES]], as tests/unit/package_attack_test.c has them. A job for
# run.sh; `make check-attacks` runs it, which takes hours.
LUATEE_TEEC=libteec.so.2 ATTACK_APP=/tests/attack_app ATTACK_STEP=${1:-1} ATTACK_RACES=${2:-10000} \
    exec /tests/package_attack_test
