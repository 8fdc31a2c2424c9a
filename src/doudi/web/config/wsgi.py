"""The entry that the server calls."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "doudi.web.config.settings")
application = get_wsgi_application()

# What stands for ever need not be looked through again and again.
gc.freeze()
