"""Wiring: the application object of the web server."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhenke.settings")
application = get_wsgi_application()

# What was loaded until here stays for good: looking through it for garbage again and again costs a tenth of a page.
gc.collect()
gc.freeze()
gc.set_threshold(50_000, 20, 50)
