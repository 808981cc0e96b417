"""What makes the site an app on a phone: its manifest, a worker that keeps the shell, a page for no connection."""

from __future__ import annotations

import json

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils.translation import gettext as _

from zhenke import __version__

_STYLE, _SCRIPT, _MARK = "zhenke/zhenke.css", "zhenke/members.js", "zhenke/mark.svg"
_ICONS = (("192x192", "icon-192", "any"), ("512x512", "icon-512", "any"), ("512x512", "icon-512-full", "maskable"))


def manifest(request: HttpRequest) -> HttpResponse:
    """Say what the app is called, in the reader's language, and how it looks."""
    about = {
        "name": _("Member site"),
        "short_name": _("Members"),
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#faf8f4",
        "theme_color": "#faf8f4",
        "icons": [
            {"src": static(f"zhenke/{name}.png"), "sizes": size, "type": "image/png", "purpose": purpose}
            for size, name, purpose in _ICONS
        ],
    }
    return HttpResponse(json.dumps(about, ensure_ascii=False), content_type="application/manifest+json")


def worker(request: HttpRequest) -> HttpResponse:
    """Send the worker with the list of what it may keep: the shell, which holds nothing of anybody."""
    words = {"version": __version__, "shell": [*(static(name) for name in (_STYLE, _SCRIPT, _MARK)), "/offline/"]}
    answer = render(request, "portal/card/worker.js", words, content_type="text/javascript; charset=utf-8")
    answer["Cache-Control"] = "no-cache"
    return answer


def offline(request: HttpRequest) -> HttpResponse:
    """Say that there is no connection."""
    return render(request, "portal/card/offline.html", {})
