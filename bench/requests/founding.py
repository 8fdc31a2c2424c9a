"""Make the demo town in the database that the environment names: ``python -m bench.requests.founding DAYS``."""

from __future__ import annotations

import sys

import django

if __name__ == "__main__":
    django.setup()
    from doudi.web.demo.services import create_town
    from doudi.web.operations.founding import migrate
    from doudi.web.rulebook.models import Version

    migrate()
    create_town(days=int(sys.argv[1]))
    # One client sends here what a whole town sends; set apart as a flood, its reports would cost too little.
    version = Version.objects.get(number=1)
    figures = version.documents["parameters"]["quarantine"]
    figures |= {name: 1_000_000 for name in figures if name != "words"}
    version.save(update_fields=["documents"])
