"""Naughty cells, headings and names in files: imported by the pages, then shown, and the refused rows read back."""

from __future__ import annotations


def sent_files(run, rounds):
    return
