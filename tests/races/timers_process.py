"""A timer as a process of its own, for `test_two_processes`: waits for its start, serves until nothing is due.

Started with the settings' environment and the name of the test's database; stands at the town's Tuesday.
"""

from __future__ import annotations

import os
import sys


def main(database: str) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "doudi.web.config.settings"
    import django
    from django.conf import settings

    settings.DATABASES["default"]["NAME"] = database
    django.setup()
    from doudi.web import clock
    from doudi.web.journal.services import keep_text
    from doudi.web.registry.declared import JobKind
    from doudi.web.registry.gathered import REGISTRY
    from doudi.web.timers import running
    from tests.web.town import TUESDAY

    # An effect without a key of its own: served twice, it would be there twice.
    tally = JobKind("tally", "计数", lambda payload: keep_text(payload["says"]))
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    with REGISTRY.also(tally), clock.at(TUESDAY):
        while running.run_due():
            pass


if __name__ == "__main__":
    main(sys.argv[1])
