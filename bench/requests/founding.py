"""Make the demo town in the database that the environment names: ``python -m bench.requests.founding DAYS``."""

from __future__ import annotations

import sys

import django

if __name__ == "__main__":
    django.setup()
    from doudi.web.config.founding import migrate
    from doudi.web.demo.services import create_town

    migrate()
    create_town(days=int(sys.argv[1]))
