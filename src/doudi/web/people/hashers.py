"""How passwords are kept: Argon2id with 32 MB and three passes (above what ASVS 5.0, 11.4.2, asks for)."""

from __future__ import annotations

from django.contrib.auth import hashers


class Argon2PasswordHasher(hashers.Argon2PasswordHasher):
    """Django's own takes 100 MB and eight threads for each try: a flood of sign-ins then takes the machine."""

    time_cost, memory_cost, parallelism = 3, 32 * 1024, 1
