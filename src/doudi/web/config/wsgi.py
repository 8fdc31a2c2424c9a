"""The entry that the server calls."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "doudi.web.config.settings")
application = get_wsgi_application()

# A request makes thousands of objects and hardly a ring of them: looking for rings every 700 objects, through all that
# stands for ever besides, costs a tenth of its time (measured: bench requests.report).
gc.freeze()
gc.set_threshold(10_000, 20, 50)
