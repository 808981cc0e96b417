"""Settings of the floor: the product's tables, and nothing around a view."""

from zhenke.settings import *  # noqa: F403

INSTALLED_APPS = [
    "zhenke.staff",
    "zhenke.customers",
    "zhenke.catalogue",
    "zhenke.sales",
    "zhenke.grading",
    "zhenke.care",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
]
ROOT_URLCONF = "bench.floor.urls"
MIDDLEWARE: list[str] = []
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": ["bench/floor/templates"],
        "OPTIONS": {"context_processors": []},
    }
]
