"""Wiring: the application object of the web server."""

import atexit
import gc
import os
from importlib import import_module

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhenke.settings")
application = get_wsgi_application()

# What is loaded until here stays for good: looking through it for garbage again and again costs a tenth of a page.
import_module("zhenke.urls")
gc.collect()
gc.freeze()
gc.set_threshold(50_000, 20, 50)
atexit.register(gc.unfreeze)  # so that nothing is said to have leaked when the process ends
